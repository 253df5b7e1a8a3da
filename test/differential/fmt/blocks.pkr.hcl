# A comment at the top
variable "image" {
type = string
    default="debian:12"   # behind
  description   =   "What it starts from"
}

variables {
a = 1
long_name="x"
b  = [1,2,   3]
}
locals {
  one = 1
  two_longer = 2 // other comment
  three="3"

  apart = 4
  c = { a=1,b = 2 }
}
source "docker" "base" {
image=var.image
commit =true
changes=["A","B"]
run_command = ["-d","-i","-t","--entrypoint=/bin/sh","--","{{.Image}}"]
}
source   "null"    "n"   {
}
source "null" "one" { communicator = "none" }

build {
name="web"
sources=["source.docker.base", "null.n",]

  source "docker.base" {
      name = "other"
      image="x"
  }

provisioner "shell" {
inline=[
"echo one",
      "echo two",
]
environment_vars=["A=${var.image}","B=${ local.one }"]
override={
base={ inline = ["x"] }
}
}

  post-processors {
post-processor "docker-tag" {
repository="a/b"
tags=["x"]
}
post-processor "manifest" {}
  }
}
