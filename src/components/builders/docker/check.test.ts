import { expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig, type Plain } from "../../../../test/support/decode-config.ts";
import { dockerBuilder } from "./builder.ts";

async function faultsOf(options: Readonly<Record<string, Plain>>, files: readonly string[] = []): Promise<string[]> {
  using bench = new Bench({});
  for (const file of files) await bench.host.files.write(file, "");
  await bench.host.files.makeFolder("folder");
  return (await decodeConfig(dockerBuilder, options, bench.host)).faults;
}

test.each<[string, Record<string, Plain>]>([
  ["a committed image", { image: "debian", commit: true }],
  ["an exported file", { image: "debian", export_path: "out.tar" }],
  ["a discarded container", { image: "debian", discard: true, commit: false }],
  ["a Dockerfile", { build: { path: "Dockerfile" }, commit: true }],
  [
    "all options of Packer's plugin",
    {
      image: "debian",
      commit: true,
      author: "a",
      message: "m",
      changes: ["USER x"],
      container_dir: "/x",
      device: ["/dev/fuse"],
      cap_add: ["ALL"],
      cap_drop: ["ALL"],
      docker_path: "docker",
      exec_user: "root",
      privileged: true,
      pty: true,
      runtime: "runc",
      pull: false,
      run_command: ["-dit", "{{.Image}}"],
      tmpfs: ["/x"],
      volumes: { "/a": "/b" },
      fix_upload_owner: false,
      windows_container: false,
      platform: "linux/amd64",
      login: true,
      login_password: "p",
      login_server: "s",
      login_username: "u",
      ecr_login: false,
      aws_access_key: "",
      aws_secret_key: "",
      aws_token: "",
      aws_profile: "",
      aws_force_use_public_ecr: false,
      communicator: "docker",
    },
  ],
])("%s has no faults", async (_what, options) => {
  expect(await faultsOf(options, ["Dockerfile"])).toEqual([]);
});

test.each<[Record<string, Plain>, readonly string[]]>([
  [
    { image: "x" },
    ["error: No instructions given for handling the artifact; expected commit, discard, or export_path"],
  ],
  [
    { image: "x", commit: true, discard: true },
    ["error: Cannot specify more than one of commit, discard, and export_path"],
  ],
  [
    { image: "x", commit: true, export_path: "y" },
    ["error: Cannot specify more than one of commit, discard, and export_path"],
  ],
  [{ image: "x", export_path: "folder" }, ["error: export_path must be a file, not a directory"]],
  [
    { commit: true },
    ["error: missing 'image' attribute or 'build' section, either needs to be specified for a build to run."],
  ],
  [
    { image: "x", build: { path: "Dockerfile" }, commit: true },
    ["error: `image` cannot be specified with a build config"],
  ],
  [{ build: { path: "missing" }, commit: true }, ["error: The Dockerfile cannot be read"]],
  [{ build: { path: "Dockerfile", build_dir: "missing" }, commit: true }, ["error: The build's folder cannot be read"]],
  [{ build: { path: "Dockerfile" }, pull: true, commit: true }, ["warning: `pull` is ignored beside `build`"]],
  [
    { image: "x", commit: true, ecr_login: true },
    ["error: ECR login requires login server to be provided.", "error: Logging in to Amazon ECR is not supported yet"],
  ],
  [{ image: "x", commit: true, windows_container: true }, ["error: Windows containers are not supported yet"]],
  [
    { image: "x", commit: true, communicator: "ssh" },
    ['error: The communicator "ssh" is not supported for containers yet'],
  ],
  [
    { image: "x", commit: true, run_command: ["-d", "--name"] },
    ["error: Bad docker run argument", "error: The run command names no image"],
  ],
  [{ image: "x", commit: true, run_command: ["-m", "lots", "{{.Image}}"] }, ["error: Bad docker run argument"]],
  [
    { image: "x", commit: true, docker_path: "no-such-client", run_command: ["--brand-new", "{{.Image}}"] },
    ["error: Unknown docker run argument"],
  ],
  [
    { image: "x", commit: true, run_command: ["-d", "--rm", "{{.Image}}"] },
    ["warning: --rm removes the container as soon as it stops"],
  ],
])("%j is told", async (options, faults) => {
  expect(await faultsOf(options, ["Dockerfile"])).toEqual(faults);
});
