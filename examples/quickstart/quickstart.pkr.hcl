# One configuration in, a real container image out.
# Build it with:  ingot build examples/quickstart

packer {
  required_version = ">= 1.7.0"
}

variable "base" {
  type        = string
  default     = "debian:12-slim"
  description = "Image to start from."
}

locals {
  built = formatdate("YYYY-MM-DD", timestamp())
}

source "docker" "web" {
  image  = var.base
  pull   = false
  commit = true
  changes = [
    "CMD [\"cat\", \"/etc/golden-image\"]",
    "LABEL org.opencontainers.image.title=quickstart",
  ]
}

build {
  name    = "quickstart"
  sources = ["source.docker.web"]

  provisioner "shell" {
    environment_vars = ["BUILT=${local.built}"]
    inline = [
      "echo \"golden image, cast on $BUILT from ${var.base}\" > /etc/golden-image",
      "cat /etc/golden-image",
    ]
  }

  provisioner "file" {
    content     = "kept up to date by rebuilding, not by patching\n"
    destination = "/etc/motd"
  }

  post-processors {
    post-processor "docker-tag" {
      repository = "ingot-quickstart"
      tags       = ["latest"]
    }
    post-processor "manifest" {
      output     = "${path.root}/manifest.json"
      strip_path = true
    }
  }
}
