

locals   {


  a   =   1



  b=2
}
source "a"   b   {
x=1
	tab	=	2
        deep {
deeper {
deepest = [ [ [ 1 ] ] ]
}
        }
  y   =3 
}
block "one" "two" "three" {}
  indented = 1
no_newline = true
