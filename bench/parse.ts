import { Diagnostics } from "../src/hcl/source/diagnostic.ts";
import { parseFile } from "../src/hcl/syntax/parse.ts";

/**
 * How long it takes to parse an ordinary template of 1.4 kB, and one of 200 times that. Prints medians in
 * milliseconds; "first" is the first parse of the process. Run: bin/node bench/parse.ts
 */
const template = (index: number) => `
variable "region_${index}" {
  type        = string
  description = "Where the image is built, and kept."
  default     = "eu-central-1"
}

locals {
  stamp_${index} = formatdate("YYYYMMDD", timestamp())
  tags_${index} = {
    Name  = "web-\${var.region_${index}}"
    Owner = "platform" # who is asked
    Cost  = 1234.50
  }
}

source "docker" "base_${index}" {
  image  = "debian:bookworm"
  commit = true
  changes = [
    "ENV REGION=\${var.region_${index}}",
    "EXPOSE 80 443",
    "ENTRYPOINT [\\"nginx\\", \\"-g\\", \\"daemon off;\\"]",
  ]
}

build {
  name    = "web-${index}"
  sources = ["source.docker.base_${index}"]

  /* What every image holds. */
  provisioner "shell" {
    environment_vars = [for key, value in local.tags_${index} : "\${upper(key)}=\${value}" if value != null]
    inline = [
      "apt-get update -q",
      "apt-get install -y --no-install-recommends nginx curl ca-certificates",
      "systemctl enable nginx || true",
    ]
    timeout = var.region_${index} == "local" ? "5m" : "\${10 + 2 * length(local.tags_${index})}m"
  }

  provisioner "file" {
    destination = "/etc/motd"
    content     = <<-EOT
      Welcome to \${build.ID}.
      %{ for key, value in local.tags_${index} ~}
      \${key}: \${value}
      %{ endfor ~}
    EOT
  }

  post-processor "manifest" {
    output = "manifest-${index}.json"
  }
}
`;

function parse(text: string): number {
  const diagnostics = new Diagnostics();
  const started = performance.now();
  parseFile({ name: "bench.pkr.hcl", text }, diagnostics);
  const milliseconds = performance.now() - started;
  if (diagnostics.all.length > 0) throw new Error(diagnostics.all.map((fault) => fault.summary).join("\n"));
  return milliseconds;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const small = template(0);
const big = Array.from({ length: 200 }, (_, index) => template(index)).join("");
const first = parse(small);
const firstBig = parse(big);
const warm = median(Array.from({ length: 200 }, () => parse(small)));
const warmBig = median(Array.from({ length: 30 }, () => parse(big)));
console.log(`small: ${small.length} characters: first ${first.toFixed(2)} ms, warm ${warm.toFixed(3)} ms`);
console.log(`big: ${big.length} characters: first ${firstBig.toFixed(1)} ms, warm ${warmBig.toFixed(1)} ms`);
