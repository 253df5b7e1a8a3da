import { expect, test } from "vitest";
import {
  idleCommunicator,
  planned,
  plannedProvisioner,
  planOf,
  scriptedBuilder,
  scriptedMachine,
  scriptedProvisioner,
} from "../../../test/support/scripted-components.ts";
import { ScriptedRun } from "../../../test/support/scripted-run.ts";
import { Disconnected } from "../../sdk/communicator.ts";
import type { Provisioning } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Machine } from "../../sdk/machine.ts";
import type { PlannedBuild, PlannedProvisioner } from "../../template/plan.ts";

function provisions(
  provisioners: readonly PlannedProvisioner[],
  parts: { machine?: Machine } & Pick<Partial<PlannedBuild>, "errorCleanupProvisioner"> = {},
): ReturnType<typeof planOf> {
  const { machine = scriptedMachine(), ...rest } = parts;
  const builder = scriptedBuilder(async (build) => {
    await build.provision(machine);
    return undefined;
  });
  return planOf({ builder: planned(builder), provisioners, ...rest });
}

const fails = (message: string) => async () => {
  throw new Failure(message);
};

test("the pause comes before each attempt, the limit is one of each attempt, and the last fault is told", async () => {
  using place = new ScriptedRun();
  let attempts = 0;
  const run = async (work: Provisioning) => {
    attempts++;
    await work.host.sleep(60_000, work.signal);
  };
  const meta = { pauseBefore: 10, timeout: 20, maxRetries: 1 };
  const result = await place.run(provisions([plannedProvisioner(run, meta)]));
  const round = [
    "Pausing 10ms before the next provisioner...",
    "Setting a 20ms timeout for the next provisioner...",
    "Cancelling provisioner after a timeout...",
  ];
  const fault = "The provisioner took longer than 0.02 s";
  expect(attempts).toBe(2);
  expect(place.lines).toEqual([
    ...round,
    `Provisioner failed with "${fault}", retrying with 1 trie(s) left`,
    ...round,
    "retry limit reached.",
    "Provisioning step had errors: Running the cleanup provisioner, if present...",
  ]);
  expect(result.builds[0]?.error?.message).toBe(`${fault} (the last of 2 attempts)`);
  expect(place.eventsOf("step-finished").find(({ step }) => step.startsWith("prov"))).toMatchObject({
    outcome: "failed",
    attempts: 2,
  });
});

test("a retry that works is a success, and what the failed attempt owned is gone before it", async () => {
  using place = new ScriptedRun();
  const { things } = place;
  const seen: string[] = [];
  let attempt = 0;
  const run = async (work: Provisioning) => {
    seen.push([...things.existing].join());
    await work.own(things.owned(`try-${++attempt}`));
    things.existing.add(`try-${attempt}`);
    if (attempt < 3) throw new Failure(`fault ${attempt}`);
  };
  const result = await place.run(provisions([plannedProvisioner(run, { maxRetries: 5 })]));
  expect(result.outcome).toBe("succeeded");
  expect(seen).toEqual(["", "", ""]);
  expect(things.destroyed).toEqual(["try-1", "try-2", "try-3"]);
  expect(place.lines).toEqual([
    'Provisioner failed with "fault 1", retrying with 5 trie(s) left',
    'Provisioner failed with "fault 2", retrying with 4 trie(s) left',
  ]);
});

test("the first fault ends provisioning, unless its provisioner may fail", async () => {
  using place = new ScriptedRun();
  const ran: string[] = [];
  const result = await place.run(
    provisions([
      plannedProvisioner(fails("soft"), { continueOnError: true }),
      plannedProvisioner(async () => void ran.push("second")),
      plannedProvisioner(fails("hard")),
      plannedProvisioner(async () => void ran.push("fourth")),
    ]),
  );
  expect(ran).toEqual(["second"]);
  expect(result.builds[0]?.error?.message).toBe("hard");
  expect(place.lines[0]).toBe(
    'Warning: Provisioner failed with "soft", but continue_on_error is set; continuing the build.',
  );
});

test("a lost connection is made anew before the retry, and the old one closed", async () => {
  using place = new ScriptedRun();
  const history: string[] = [];
  let connected = 0;
  const machine = scriptedMachine({}, async () => {
    const name = ++connected;
    history.push(`open ${name}`);
    return idleCommunicator(() => history.push(`close ${name}`));
  });
  let attempts = 0;
  const run = async () => {
    history.push("run");
    if (++attempts === 1) throw new Failure("rebooted", { cause: new Disconnected() });
  };
  const result = await place.run(provisions([plannedProvisioner(run, { maxRetries: 1 })], { machine }));
  expect(result.outcome).toBe("succeeded");
  expect(history).toEqual(["open 1", "run", "close 1", "open 2", "run", "close 2"]);
});

test("the connection that a provisioner made anew is the one of the next", async () => {
  using place = new ScriptedRun();
  const machine = scriptedMachine({}, async () => idleCommunicator());
  const seen: unknown[] = [];
  await place.run(
    provisions(
      [
        plannedProvisioner(async (work) => void seen.push(await work.reconnect())),
        plannedProvisioner(async (work) => void seen.push(work.communicator)),
      ],
      { machine },
    ),
  );
  expect(seen[0]).toBe(seen[1]);
});

test("each provisioner is configured right before it runs, with the facts of the machine", async () => {
  using place = new ScriptedRun();
  const seen: unknown[] = [];
  const component = scriptedProvisioner(async (work) => void seen.push(work.machine.Host));
  const provisioner: PlannedProvisioner = {
    ...planned(component, async ({ facts }) => {
      seen.push(facts === undefined ? "no facts" : facts);
      return { config: {} as never, complete: facts !== undefined }; // It has no options.
    }),
    maxRetries: 0,
    continueOnError: false,
  };
  const machine = scriptedMachine({ ID: "m", Host: "10.0.0.1", Extra: "x", Password: "correct horse" });
  const result = await place.run(provisions([provisioner], { machine }), { uuid: "run-uuid" });
  expect(result.outcome).toBe("succeeded");
  expect(seen).toEqual([
    "no facts",
    {
      ID: "m",
      PackerRunUUID: "run-uuid",
      PackerHTTPIP: "ERR_HTTP_IP_NOT_IMPLEMENTED_BY_BUILDER",
      PackerHTTPPort: "ERR_HTTP_PORT_NOT_IMPLEMENTED_BY_BUILDER",
      PackerHTTPAddr: "ERR_HTTP_ADDR_NOT_IMPLEMENTED_BY_BUILDER",
      Host: "10.0.0.1",
      Port: 0,
      User: "",
      Password: "correct horse",
      ConnType: "none",
      SSHPublicKey: "",
      SSHPrivateKey: "",
      SSHPrivateKeyFile: "",
      SSHAgentAuth: false,
      WinRMPassword: "",
      Extra: "x",
    },
    "10.0.0.1",
  ]);
});

test("the password of the machine is masked in what provisioners print", async () => {
  using place = new ScriptedRun();
  const run = async (work: Provisioning) => work.output("stdout", "login with correct horse\n");
  const machine = scriptedMachine({ Password: "correct horse" });
  await place.run(provisions([plannedProvisioner(run)], { machine }));
  expect(place.lines).toEqual(["login with <sensitive>"]);
});

test("a fault of the template that shows only then fails the build with its place", async () => {
  using place = new ScriptedRun();
  const source = { name: "a.pkr.hcl", text: "\nfoo = build.Host\n" };
  const provisioner: PlannedProvisioner = {
    ...planned(
      scriptedProvisioner(async () => {}),
      async ({ facts }, diagnostics) => {
        const subject = { source, start: 1, end: 4 };
        if (facts) diagnostics.error({ code: "x", summary: "Bad host", detail: "It is empty.", subject });
        return { config: {} as never, complete: true }; // It has no options.
      },
    ),
    maxRetries: 0,
    continueOnError: false,
  };
  const result = await place.run(provisions([provisioner]));
  expect(result.builds[0]?.error).toEqual({ message: "a.pkr.hcl:2: Bad host: It is empty." });
});

test("the clean-up provisioner runs after a fault, on the same connection, and adds its own fault", async () => {
  using place = new ScriptedRun();
  const result = await place.run(
    provisions([plannedProvisioner(fails("first"))], { errorCleanupProvisioner: plannedProvisioner(fails("second")) }),
  );
  expect(place.lines).toEqual(["Provisioning step had errors: Running the cleanup provisioner, if present..."]);
  expect(result.builds[0]?.error).toEqual({ message: "2 error(s) occurred:\n\n* first\n* second" });
});

test.each([
  ["cleanup", true],
  ["run-cleanup-provisioner", true],
  ["abort", false],
] as const)("with -on-error=%s, that the clean-up provisioner runs is %s", async (onError, runs) => {
  using place = new ScriptedRun();
  let ran = false;
  const cleanup = plannedProvisioner(async () => {
    ran = true;
  });
  await place.run(provisions([plannedProvisioner(fails("no"))], { errorCleanupProvisioner: cleanup }), { onError });
  expect(ran).toBe(runs);
});

test("a cancel in a provisioner is no fault: no retry, no clean-up provisioner, no continuing", async () => {
  using place = new ScriptedRun();
  const ran: string[] = [];
  const run = async (work: Provisioning) => {
    ran.push("first");
    place.orderly.abort("interrupt");
    await work.host.sleep(60_000, work.signal);
  };
  const result = await place.run(
    provisions(
      [
        plannedProvisioner(run, { maxRetries: 3, continueOnError: true }),
        plannedProvisioner(async () => void ran.push("second")),
      ],
      { errorCleanupProvisioner: plannedProvisioner(async () => void ran.push("clean-up")) },
    ),
  );
  expect(ran).toEqual(["first"]);
  expect(result.builds[0]).toMatchObject({ outcome: "cancelled" });
  expect(result.builds[0]?.error).toBeUndefined();
  expect(place.lines).toEqual([]);
});

test("without provisioners the machine is still connected to, so that one that cannot be reached fails", async () => {
  using place = new ScriptedRun();
  const machine = scriptedMachine({}, async () => {
    throw new Failure("Timeout waiting for SSH.");
  });
  const result = await place.run(provisions([], { machine }));
  expect(result.builds[0]?.error?.message).toBe("Connect to the machine: Timeout waiting for SSH.");
});

test("what a component renders itself sees Packer's functions, the machine, and what the component adds", async () => {
  using place = new ScriptedRun();
  const seen: (string | undefined)[] = [];
  const run = async (work: Provisioning) => {
    seen.push(work.render?.("{{ .Path }} {{ build `ID` }} {{ .ID }} {{ build_name }} {{ upper `a` }}", { Path: "/x" }));
    expect(() => work.render?.("{{ .Path", {})).toThrow(Failure);
  };
  const result = await place.run(provisions([plannedProvisioner(run)]));
  expect(result.builds[0]?.error).toBeUndefined();
  expect(seen).toEqual(["/x machine-1 machine-1 test A"]);
});
