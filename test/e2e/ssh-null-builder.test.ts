import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Workplace } from "../support/program.ts";
import { newMachine, noSshd, Sshd } from "../support/sshd.ts";

const skipped = noSshd;
const because = skipped ? ` (skipped: ${skipped})` : "";

test.skipIf(skipped !== undefined)(`the null builder provisions a machine that exists${because}`, async () => {
  await using sshd = await Sshd.start();
  await using place = new Workplace();
  mkdirSync(join(place.cwd, "site", "css"), { recursive: true });
  writeFileSync(join(place.cwd, "site", "index.html"), "<h1>hello</h1>\n");
  writeFileSync(join(place.cwd, "site", "css", "main.css"), "h1 {}\n");
  writeFileSync(join(place.cwd, "template.pkr.hcl"), template(sshd, ""));

  const ended = await place.run(["build", "template.pkr.hcl"]);

  expect(ended.stderr).toBe("");
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain("Using SSH communicator to connect: 127.0.0.1");
  expect(ended.stdout).toContain("Waiting for SSH to become available...");
  expect(ended.stdout).toContain("Connected to SSH!");
  expect(ended.stdout).toContain("I am tester at 127.0.0.1");
  expect(ended.stdout).toContain(sshd.fingerprint);
  expect(ended.stdout).toContain("Did not export anything. This is the null builder");
  expect(readFileSync(join(sshd.root, "tmp", "site", "index.html"), "utf8")).toBe("<h1>hello</h1>\n");
  expect(readFileSync(join(sshd.root, "tmp", "site", "css", "main.css"), "utf8")).toBe("h1 {}\n");
  expect(readFileSync(join(place.cwd, "made"), "utf8")).toBe("made there\n");
});

test.skipIf(skipped !== undefined)(`a script may restart the machine${because}`, async () => {
  const root = newMachine();
  const first = await Sshd.start({ root });
  await using place = new Workplace();
  const restart = `
    provisioner "shell" {
      expect_disconnect = true
      inline            = ["touch /tmp/restarting", "sleep 60"]
    }
    provisioner "shell" {
      inline = ["echo second life"]
    }`;
  writeFileSync(join(place.cwd, "template.pkr.hcl"), template(first, restart, false));

  const started = place.start(["build", "template.pkr.hcl"]);
  await until(() => existsIn(root, "restarting"));
  await first.kill();
  await using second = await Sshd.start({ root, port: first.port });
  const ended = await started.ended;

  expect(ended.stderr).toBe("");
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain("second life");
  await second.kill();
});

test.skipIf(skipped !== undefined)(
  `a login that is refused fails the build, and shows what was tried${because}`,
  async () => {
    await using sshd = await Sshd.start();
    await using place = new Workplace();
    const text = template({ ...pick(sshd), key: sshd.strangerKey }, "", false);
    writeFileSync(join(place.cwd, "template.pkr.hcl"), text.replace("#more", "ssh_handshake_attempts = 1"));

    const ended = await place.run(["build", "template.pkr.hcl"]);

    expect(ended.code).toBe(1);
    expect(ended.stdout + ended.stderr).toContain("refused to log in tester");
    expect(ended.stdout + ended.stderr).toContain("It takes: publickey, password, keyboard-interactive");
  },
);

function template(sshd: Pick<Sshd, "port" | "user" | "key">, more: string, standard = true): string {
  const provisioners = `
    provisioner "shell" {
      inline = ["echo I am $(id -un) at \${build.Host}", "echo made there > /tmp/made"]
    }
    provisioner "file" {
      source      = "site"
      destination = "/tmp"
    }
    provisioner "file" {
      source      = "/tmp/made"
      destination = "made"
      direction   = "download"
    }`;
  return `
    source "null" "host" {
      ssh_host             = "127.0.0.1"
      ssh_port             = ${sshd.port}
      ssh_username         = "${sshd.user}"
      ssh_private_key_file = "${sshd.key}"
      #more
    }
    build {
      sources = ["source.null.host"]
      ${standard ? provisioners : ""}
      ${more}
    }`;
}

function pick({ port, user, key }: Sshd): { port: number; user: string; key: string } {
  return { port, user, key };
}

function existsIn(root: string, name: string): boolean {
  try {
    readFileSync(join(root, "tmp", name));
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !condition(); attempt++) await new Promise((done) => setTimeout(done, 50));
}
