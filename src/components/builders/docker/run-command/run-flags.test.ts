import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localHost } from "../../../../sdk/local-host/local-host.ts";
import { containerRequest, emptyDraft } from "./container-draft.ts";
import { BadFlagValue } from "./flag-values.ts";
import { parseRunCommand } from "./parse-run-command.ts";
import { runFlags } from "./run-flags.ts";

const noClient = spawnSync("docker", ["--version"]).status === 0 ? undefined : "there is no docker client";

// The docker command is the oracle: it talks to an engine that only notes what it is asked for.
describe.skipIf(noClient)(
  `a run command is translated as by the docker command${noClient ? ` (skipped: ${noClient})` : ""}`,
  () => {
    let folder: string;
    let server: Server;
    let asked: { body: unknown; query: URLSearchParams }[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "ingot-flags-"));
      writeFileSync(join(folder, "variables"), "# comment\nFROM_FILE=1\n\nINHERITED\n");
      writeFileSync(join(folder, "labels"), "one=1\ntwo\n");
      writeFileSync(join(folder, "seccomp.json"), '{"defaultAction":"SCMP_ACT_ALLOW"}');
      server = createServer((request, response) => {
        response.setHeader("Api-Version", "1.41");
        response.setHeader("Ostype", "linux");
        const url = new URL(request.url ?? "/", "http://docker");
        const chunks: Buffer[] = [];
        request.on("data", (chunk) => chunks.push(chunk));
        request.on("end", () => {
          if (url.pathname.endsWith("/containers/create")) {
            asked.push({ body: JSON.parse(Buffer.concat(chunks).toString()), query: url.searchParams });
          }
          response.end(JSON.stringify({ Id: "0".repeat(64), Warnings: [] }));
        });
      });
      await new Promise<void>((resolve) => server.listen(join(folder, "engine.sock"), resolve));
    });
    afterAll(() => {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function byDocker(argv: readonly string[]): Promise<{ body: unknown; query: URLSearchParams } | undefined> {
      asked = [];
      const environment = { ...process.env, DOCKER_HOST: `unix://${join(folder, "engine.sock")}`, INHERITED: "yes" };
      await promisify(execFile)("docker", ["create", ...argv], { cwd: folder, env: environment });
      return asked[0];
    }

    async function byUs(argv: readonly string[]) {
      const host = localHost({ cwd: folder, environment: { ...process.env, INHERITED: "yes" } });
      const command = parseRunCommand(argv);
      expect(command.unknown).toEqual([]);
      expect(command.faults).toEqual([]);
      const draft = emptyDraft();
      for (const { name, value } of command.flags) {
        await runFlags[name]?.apply(draft, value, { host, readText: (path) => host.files.readText(path) });
      }
      const image = { name: command.image ?? "", defaults: { Cmd: ["has-one"] } };
      return { body: containerRequest(draft, image, command.command), draft };
    }

    test.each<[string]>([
      ["-it --entrypoint=/bin/sh -- debian"],
      ["-u 42 --entrypoint=/bin/bash -e A=b -e INHERITED -e MISSING -v /data -v /a:/b:ro -v name:/c debian -c cat"],
      ["-it -eA=b -w/tmp -hbox --name=web debian"],
      ["--env-file variables --label-file labels -l x=y --label z debian"],
      ["--network host --init --privileged --read-only debian"],
      ["--network web --network-alias a --network-alias b --ip 10.1.2.3 --ip6 fd00::1 debian"],
      ["--cap-add NET_ADMIN --cap-add=SYS_TIME --cap-drop ALL --security-opt no-new-privileges debian"],
      ["--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt label=disable debian"],
      ["--security-opt systempaths=unconfined debian"],
      ["--tmpfs /run --tmpfs /tmp:rw,size=64m,mode=1777 debian"],
      ["--device /dev/null --device=/dev/zero:/dev/x:r --device /dev/full:rw --device /dev/random:/dev/y debian"],
      [
        "-p 8080:80 -p 127.0.0.1:53:53/udp -p 90 -p 7000-7002:8000-8002 -p :81 --expose 9000-9001 --expose 1/udp debian",
      ],
      ["-p 8080-8085:80 -P debian"],
      ["-p [::1]:80:80 debian"],
      [
        "--add-host a:1.2.3.4 --add-host host.docker.internal:host-gateway --dns 1.1.1.1 --dns-search x.org --dns-option ndots:2 debian",
      ],
      [
        "--memory 512m --memory-swap 1g --memory-reservation 100000k -m 1g --shm-size 64mb --cpus 1.5 --cpu-shares 512 -c 256 debian",
      ],
      ["--cpuset-cpus 0,1 --cpuset-mems 0 --cpu-period 100000 --cpu-quota 50000 --pids-limit 100 debian"],
      ["--ulimit nofile=1024:2048 --ulimit nproc=10 --sysctl net.ipv4.ip_forward=1 --oom-score-adj 5 debian"],
      ["--restart on-failure:3 --stop-signal SIGINT --stop-timeout 7 debian"],
      ["--restart always --log-driver json-file --log-opt max-size=1m --log-opt tag=x debian"],
      [
        "--health-cmd true --health-interval 1m30s --health-retries 3 --health-timeout 500ms --health-start-period 1s debian",
      ],
      ["--no-healthcheck debian"],
      [
        "--mount type=bind,source=/a,target=/b,readonly --mount type=volume,src=v,dst=/v,volume-nocopy --mount type=tmpfs,destination=/t,tmpfs-size=1m,tmpfs-mode=1770 debian",
      ],
      [
        "--mount type=volume,target=/v,volume-driver=local,volume-opt=type=nfs,volume-opt=o=addr,volume-label=a=b debian",
      ],
      ["--gpus all debian"],
      ["--gpus 2 debian"],
      ['--gpus "device=0,1" debian'],
      ["--pid host --ipc private --uts host --userns host --cgroupns private --cgroup-parent /x debian"],
      ["--runtime runc --isolation default --group-add audio --group-add 5 --domainname example.org debian"],
      ["--volumes-from a --volumes-from b:ro --volume-driver local --link other:alias debian"],
      [
        "--blkio-weight 300 --blkio-weight-device /dev/sda:200 --device-read-bps /dev/sda:1mb --device-write-iops /dev/sda:100 debian",
      ],
      ["--device-cgroup-rule=c·42:*·rmw --kernel-memory 50m --storage-opt size=10G debian"],
      ["--entrypoint= debian ls -l --color"],
      ["--tty=false --interactive=true --init=false debian"],
      ["debian sh -c x --name y"],
    ])("%s", async (line) => {
      const argv = line.split(" ").map((argument) => argument.replaceAll("·", " "));
      const theirs = await byDocker(argv);
      const ours = await byUs(argv);
      expect(meaning(ours.body)).toEqual(meaning(theirs?.body));
      expect(ours.draft.name ?? null).toBe(theirs?.query.get("name") ?? null);
    });
  },
);

describe("a run command", () => {
  test("says which flags only the docker command may understand", () => {
    expect(parseRunCommand(["-d", "--brand-new", "debian"]).unknown).toEqual(["--brand-new"]);
    expect(parseRunCommand(["-dZ", "debian"]).unknown).toEqual(["-dZ"]);
  });

  test.each([
    [["--name"], "flag needs an argument: --name"],
    [["-e"], "flag needs an argument: -e"],
    [["--tty=maybe", "debian"], 'invalid argument "maybe" for "--tty": it is true or false'],
  ])("refuses %j", (argv, fault) => {
    expect(parseRunCommand(argv).faults).toEqual([fault]);
  });

  test("may end its flags with --", () => {
    expect(parseRunCommand(["-d", "--", "debian", "-x"])).toMatchObject({ image: "debian", command: ["-x"] });
  });

  test.each([
    ["memory", "much"],
    ["publish", "eighty"],
    ["publish", "1-3:5-6"],
    ["ulimit", "nofile"],
    ["device", ":x"],
    ["mount", "type=bind,source=/a"],
    ["mount", "type=bind,target=/a,colour=red"],
    ["pull", "sometimes"],
    ["cpus", "two"],
    ["health-interval", "soon"],
    ["env", "=x"],
  ])("refuses --%s %s", (name, value) => {
    const context = { host: localHost(), readText: async () => "" };
    expect(() => runFlags[name]?.apply(emptyDraft(), value, context)).toThrow(BadFlagValue);
  });

  test("makes a command part of the entrypoint where the image has no command of its own", () => {
    const draft = emptyDraft();
    draft.config.Entrypoint = ["/bin/bash"];
    const image = { name: "debian", defaults: { Entrypoint: ["/unused"], Cmd: null } };
    expect(containerRequest(draft, image, ["-c", "cat"])).toMatchObject({ Entrypoint: ["/bin/bash", "-c", "cat"] });
    expect(containerRequest(emptyDraft(), image, ["x"])).toMatchObject({ Entrypoint: ["/unused", "x"] });
  });
});

/** Without what says nothing: null, "", 0, false, empty lists and maps, and defaults that the docker command writes out. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, member]) => [key, isSpoken(key) ? undefined : meaning(inOrder(key, member))] as const)
    .filter(([, member]) => !isNothing(member));
  return Object.fromEntries(entries);
}

/** The docker command sends variables and mounts in any order. */
function inOrder(key: string, member: unknown): unknown {
  return (key === "Env" || key === "Binds") && Array.isArray(member) ? member.toSorted() : member;
}

/** Of an attached client, or of a console. */
function isSpoken(key: string): boolean {
  return ["AttachStdin", "AttachStdout", "AttachStderr", "StdinOnce", "ConsoleSize"].includes(key);
}

function isNothing(member: unknown): boolean {
  if (member === undefined || member === null || member === "" || member === 0 || member === false || member === -1)
    return true;
  if (Array.isArray(member)) return member.length === 0;
  if (typeof member !== "object") return member === "no" || member === "default";
  return Object.keys(member).length === 0;
}
