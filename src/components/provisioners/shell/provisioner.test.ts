import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Bench } from "../../../../test/support/component-at-work.ts";
import { decodeConfig } from "../../../../test/support/decode-config.ts";
import { localCommunicator } from "../../../../test/support/local-communicator.ts";
import { type Communicator, Disconnected } from "../../../sdk/communicator.ts";
import type { Provisioning } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { shell } from "./provisioner.ts";

type Options = Parameters<typeof decodeConfig>[1];

/** Runs the provisioner; scripts go to `guest/` in the bench's folder. */
async function provision(bench: Bench, options: Options, changes: Partial<Provisioning> = {}): Promise<string[]> {
  mkdirSync(bench.path("guest"), { recursive: true });
  const { config, faults } = await decodeConfig(shell, { remote_folder: bench.path("guest"), ...options }, bench.host);
  expect(faults).toEqual([]);
  const communicator = changes.communicator ?? localCommunicator(bench.host);
  await shell.run(config, bench.provisioning(communicator, changes));
  return bench.heard.lines;
}

function stdout(bench: Bench): string {
  return bench.heard.lines.flatMap((line) => (line.startsWith("stdout: ") ? [line.slice(8)] : [])).join("");
}

function leftInGuest(bench: Bench): string[] {
  return readdirSync(bench.path("guest"));
}

describe("a script in a real shell", () => {
  test("inline commands run as one script that ends at the first fault", async () => {
    using bench = new Bench();

    await expect(provision(bench, { inline: ["echo one", "false", "echo two"] })).rejects.toThrow(
      "Script exited with non-zero exit status: 1. Allowed exit codes are: [0]",
    );

    expect(bench.heard.lines).toEqual(["say: Provisioning with shell script: inline", "stdout: one\n"]);
    expect(leftInGuest(bench)).toEqual([]);
  });

  test("scripts run in order, are named as written, and leave nothing in the guest", async () => {
    using bench = new Bench();
    writeFileSync(bench.path("a.sh"), "#!/bin/sh\necho a\r\n");
    writeFileSync(bench.path("b.sh"), "echo b >&2");

    const lines = await provision(bench, { scripts: ["a.sh", "b.sh"] });

    expect(lines).toEqual([
      "say: Provisioning with shell script: a.sh",
      "stdout: a\n",
      "say: Provisioning with shell script: b.sh",
      "stderr: b\n",
    ]);
    expect(leftInGuest(bench)).toEqual([]);
  });

  test("environment values arrive unharmed, whatever characters they hold", async () => {
    using bench = new Bench();
    const hard = `it's "so" $HOME \`id\` \\n {{.Path}} {{ é 漢 🙂\nsecond line`;

    await provision(bench, { inline: ['printf %s "$HARD"'], env: { HARD: hard } });

    expect(stdout(bench)).toBe(hard);
  });

  test("with use_env_var_file the values arrive through a file that only its owner may read", async () => {
    using bench = new Bench();
    const hard = `it's "so" $HOME \`id\` \\\nsecond`;
    let modeSeen: number | undefined;
    const local = localCommunicator(bench.host);
    const communicator: Communicator = {
      ...local,
      run: (command, signal) => {
        const file = leftInGuest(bench).find((name) => name.startsWith("varfile_"));
        if (file) modeSeen ??= statSync(bench.path("guest", file)).mode & 0o777;
        return local.run(command, signal);
      },
    };

    await provision(
      bench,
      { inline: ['printf %s "$HARD"'], use_env_var_file: true, environment_vars: [`HARD=${hard}`] },
      { communicator },
    );

    expect(stdout(bench)).toBe(hard);
    expect(modeSeen).toBe(0o600);
    expect(leftInGuest(bench)).toEqual([]);
  });

  test("scripts learn what is built, and the template's own variables win", async () => {
    using bench = new Bench();

    await provision(
      bench,
      {
        inline: ["env | grep '^PACKER_' | sort", "echo $A $B"],
        environment_vars: ["A=first", "B=b", "PACKER_BUILDER_TYPE=mine"],
        env: { A: "second" },
      },
      { machine: { PackerHTTPAddr: "10.0.2.2:8000", PackerHTTPIP: "10.0.2.2", PackerHTTPPort: "ERR_NONE" } },
    );

    expect(stdout(bench)).toContain(
      "PACKER_BUILDER_TYPE=mine\nPACKER_BUILD_NAME=box\nPACKER_HTTP_ADDR=10.0.2.2:8000\nPACKER_HTTP_IP=10.0.2.2\n",
    );
    expect(stdout(bench)).not.toContain("PACKER_HTTP_PORT");
    expect(stdout(bench)).toContain("second b\n");
  });

  test("an inline script with its own first line keeps it, unless inline_shebang is set", async () => {
    using bench = new Bench();
    await provision(bench, { inline: ["#!/bin/cat", "shown"] });
    expect(stdout(bench)).toBe("#!/bin/cat\nshown\n");

    using other = new Bench();
    await provision(other, { inline: ["#!/bin/cat", "shown"], inline_shebang: "/usr/bin/tail -n1" });
    expect(stdout(other)).toBe("shown\n");
  });

  test("execute_command is rendered with the script, its environment and the data of the build", async () => {
    using bench = new Bench();

    await provision(bench, {
      inline: ["echo script $A"],
      env: { A: "1" },
      execute_command: "echo {{.ID}} {{build_name}}; {{.Vars}}sh {{.Path}}",
    });

    expect(stdout(bench)).toBe("machine-1 box\nscript 1\n");
  });

  test("a line of a script may be longer than 64 KiB, and a script larger than fits into memory at once", async () => {
    using bench = new Bench();
    const long = `#!/bin/sh\r\nX=${"x".repeat(200_000)}\r\n: ${"y".repeat(2_000_000)}\r\necho \${#X}`;
    writeFileSync(bench.path("long.sh"), long);

    await provision(bench, { script: "long.sh", skip_clean: true, remote_file: "kept.sh" });

    expect(stdout(bench)).toBe("200000\n");
    expect(readFileSync(bench.path("guest", "kept.sh"), "utf8")).toBe(`${long.replaceAll("\r\n", "\n")}\n`);
  });

  test("a binary script is uploaded byte for byte", async () => {
    using bench = new Bench();
    const bytes = Buffer.from([
      0x23, 0x21, 0x2f, 0x62, 0x69, 0x6e, 0x2f, 0x74, 0x72, 0x75, 0x65, 0x0a, 0x0d, 0x0a, 0xff,
    ]);
    writeFileSync(bench.path("x.bin"), bytes);

    await provision(bench, { script: "x.bin", binary: true, skip_clean: true, remote_path: bench.path("guest", "x") });

    expect(readFileSync(bench.path("guest", "x"))).toEqual(bytes);
  });

  test("a remote folder with a blank in its name is cleaned, too", async () => {
    using bench = new Bench();
    mkdirSync(bench.path("guest", "my files"), { recursive: true });

    await provision(bench, {
      inline: ["echo there"],
      remote_folder: bench.path("guest", "my files"),
      execute_command: 'sh "{{.Path}}"',
    });

    expect(stdout(bench)).toBe("there\n");
    expect(readdirSync(bench.path("guest", "my files"))).toEqual([]);
  });

  test("exit codes that the template allows are success", async () => {
    using bench = new Bench();
    await provision(bench, { inline: ["exit 3"], valid_exit_codes: [0, 3] });
    await expect(provision(bench, { inline: ["exit 4"], valid_exit_codes: [0, 3] })).rejects.toThrow(
      "Script exited with non-zero exit status: 4. Allowed exit codes are: [0 3]",
    );
  });
});

describe("the files in the guest", () => {
  /** Runs the provisioner and gives the number of commands that it took in the guest. */
  async function commands(bench: Bench, options: Options): Promise<number> {
    const local = localCommunicator(bench.host);
    let count = 0;
    const run: Communicator["run"] = (command, signal) => {
      count++;
      return local.run(command, signal);
    };
    await provision(bench, options, { communicator: { ...local, run } });
    return count;
  }

  test("are removed by the command that runs the last script, where the template has none of its own", async () => {
    using bench = new Bench();
    writeFileSync(bench.path("a.sh"), "echo a");
    const env = { PATH: "/nowhere", IFS: "/", code: "7" };

    expect(await commands(bench, { inline: ["echo a"] })).toBe(1);
    expect(await commands(bench, { scripts: ["a.sh", "a.sh"], use_env_var_file: true, env })).toBe(2);
    expect(await commands(bench, { inline: ["exit 7"], valid_exit_codes: [7] })).toBe(1);
    expect(leftInGuest(bench)).toEqual([]);
    expect(await commands(bench, { inline: ["echo a"], execute_command: "sh {{.Path}} # {{.Vars}}" })).toBe(2);
    expect(leftInGuest(bench)).toEqual([]);
  });

  test("stay with skip_clean", async () => {
    using bench = new Bench();
    expect(await commands(bench, { inline: ["echo a"], skip_clean: true, use_env_var_file: true })).toBe(1);
    expect(leftInGuest(bench)).toHaveLength(2);
  });

  test("that cannot be removed are a fault", async () => {
    using bench = new Bench();
    const replaced = 'rm "$0" && mkdir "$0"';
    await expect(provision(bench, { inline: [replaced] })).rejects.toThrow("exit status: 1");
    expect(bench.heard.lines.join()).toContain("stderr: rm: ");
    await expect(provision(bench, { inline: [replaced], execute_command: "sh {{.Path}}" })).rejects.toThrow(
      "Error removing temporary script at",
    );
  });
});

describe("a guest that comes and goes", () => {
  /** Fails as told before each upload and command, in order; then works. */
  function flaky(bench: Bench, ...faults: (Error | undefined)[]): Communicator {
    const local = localCommunicator(bench.host);
    const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
      const fault = faults.shift();
      if (fault) throw fault;
      return await work();
    };
    return {
      ...local,
      upload: (...args) => attempt(() => local.upload(...args)),
      run: (...args) => attempt(() => local.run(...args)),
    };
  }

  /** A bench whose clock only moves when something sleeps. */
  function stoppedBench(): { bench: Bench; slept: number[] } {
    const slept: number[] = [];
    let now = 0;
    const bench = new Bench({
      now: () => new Date(now),
      sleep: async (milliseconds) => {
        slept.push(milliseconds);
        now += milliseconds;
      },
    });
    return { bench, slept };
  }

  test("uploading and starting are tried again on a new connection until they work", async () => {
    const { bench, slept } = stoppedBench();
    using _ = bench;
    let connections = 0;
    const communicator = flaky(bench, new Failure("connection refused"), undefined, new Failure("shutting down"));

    await provision(
      bench,
      { inline: ["echo up"] },
      {
        communicator,
        reconnect: async () => {
          connections++;
          return communicator;
        },
      },
    );

    expect(stdout(bench)).toBe("up\n");
    expect({ connections, slept }).toEqual({ connections: 2, slept: [2000, 2000] });
    expect(bench.heard.lines).toContain(
      "warn: Error uploading script: connection refused. Trying again for up to 5m0s (start_retry_timeout)...",
    );
  });

  test("after start_retry_timeout the last fault is the fault", async () => {
    const { bench, slept } = stoppedBench();
    using _ = bench;
    const communicator: Communicator = {
      ...localCommunicator(bench.host),
      upload: () => Promise.reject(new Failure(`refused ${slept.length}`)),
    };

    await expect(provision(bench, { inline: ["true"], start_retry_timeout: "5s" }, { communicator })).rejects.toThrow(
      "Error uploading script: refused 3",
    );
    expect(slept).toEqual([2000, 2000, 2000]);
  });

  test("a fault that trying again cannot mend ends it at once", async () => {
    const { bench, slept } = stoppedBench();
    using _ = bench;
    const communicator = flaky(bench, new Failure("the container is gone", { permanent: true }));

    await expect(provision(bench, { inline: ["true"] }, { communicator })).rejects.toThrow("the container is gone");
    expect(slept).toEqual([]);
  });

  test("a connection lost while the script runs is a fault, and the script is not run twice", async () => {
    const { bench } = stoppedBench();
    using _ = bench;
    const communicator = flaky(bench, undefined, new Disconnected());

    await expect(provision(bench, { inline: ["echo again"] }, { communicator })).rejects.toThrow(
      "Script disconnected unexpectedly",
    );
    expect(stdout(bench)).toBe("");
  });

  test.each([
    ["expect_disconnect", { expect_disconnect: true }],
    ["exit code 2300218 among the valid ones", { valid_exit_codes: [0, 2300218] }],
  ])("with %s a lost connection is none, and what follows gets a new one", async (_title, options) => {
    const { bench } = stoppedBench();
    using _ = bench;
    let connections = 0;
    const communicator = flaky(bench, undefined, new Disconnected());

    await provision(
      bench,
      { inline: ["reboot"], ...options },
      {
        communicator,
        reconnect: async () => {
          if (++connections === 1) throw new Failure("still down");
          return communicator;
        },
      },
    );

    expect(connections).toBe(2);
    expect(leftInGuest(bench)).toEqual([]);
  });

  test("pause_after waits at the end and says so", async () => {
    const { bench, slept } = stoppedBench();
    using _ = bench;

    const lines = await provision(bench, { inline: ["true"], pause_after: "90s" });

    expect(slept).toEqual([90_000]);
    expect(lines.at(-1)).toBe("say: Pausing 1m30s after this provisioner...");
  });

  test("a cancelled build ends the wait for the guest", async () => {
    using bench = new Bench();
    const communicator: Communicator = {
      ...localCommunicator(bench.host),
      upload: async () => {
        setTimeout(() => bench.controller.abort(new Error("stop")), 10);
        throw new Failure("down");
      },
    };

    await expect(provision(bench, { inline: ["true"] }, { communicator })).rejects.toThrow("stop");
  });
});

describe("what is said about a faulty template", () => {
  test.each<[Options, string[]]>([
    [{}, ["error: Either a script file or inline script must be specified"]],
    [{ inline: [] }, ["error: Either a script file or inline script must be specified"]],
    [
      { inline: ["x"], script: "nope.sh", scripts: ["there.sh"] },
      [
        "error: Only one of script or scripts can be specified",
        "error: Only a script file or an inline script can be specified, not both",
        "error: Bad script 'nope.sh'",
      ],
    ],
    [
      { inline: ["x"], environment_vars: ["bad", "=x", "A=b=c"] },
      [
        "error: Environment variable not in format 'key=value'",
        "error: Environment variable not in format 'key=value'",
      ],
    ],
    [{ inline: ["x"], env_var_format: "%s %d" }, ["error: Invalid env_var_format"]],
    [{ inline: ["x"], env_var_format: "%s" }, ["error: Invalid env_var_format"]],
    [{ script: "." }, ["error: Bad script '.'"]],
  ])("%j", async (options, expected) => {
    using bench = new Bench();
    writeFileSync(join(bench.folder, "there.sh"), "");
    expect((await decodeConfig(shell, options, bench.host)).faults).toEqual(expected);
  });
});
