locals {
a = <<EOT
  kept   as  it is
	tab
EOT
  bbb = <<-EOT
      indented ${ var.x }
        more %{ if true }yes%{ endif }
    EOT
  c = 1
  dddd = upper(<<X
text
X
)
  list = [<<A
one
A
, <<B
two
B
]
e=2
  ffff = 3
}
build {
provisioner "shell" {
inline = [ <<-EOS
set -e
  echo hi
EOS
]
x = 1
}
}
