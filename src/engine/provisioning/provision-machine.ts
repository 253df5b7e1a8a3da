import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import type { Machine } from "../../sdk/machine.ts";
import type { BuildRun } from "../build-run.ts";
import { errorList } from "../error-list.ts";
import { isCancel, messageOf } from "../failure-text.ts";
import type { Scope } from "../ownership/ledger.ts";
import { afterFailure } from "../recipe/after-failure.ts";
import { runStep } from "../recipe/run-step.ts";
import { machineFactsForTemplates, secretsOf } from "./machine-facts.ts";
import { type OpenConnection, openConnection } from "./open-connection.ts";
import { runProvisioner } from "./run-provisioner.ts";

/** Runs the provisioners of the template on a machine, and the error-cleanup one where one of them failed. */
export async function provisionMachine(
  run: BuildRun,
  scope: Scope,
  machine: Machine,
  learn: (facts: MachineFactsForTemplates) => void,
): Promise<Machine> {
  for (const secret of secretsOf(machine.facts)) run.masker.add(secret);
  const facts = machineFactsForTemplates(machine.facts, run.facts.runId);
  learn(facts);
  const connection = await runStep(run, {
    id: "connect",
    title: "Connect to the machine",
    kind: "step",
    scope,
    named: true,
    run: (attempt) => attempt((step) => openConnection(machine, step.signal)),
  });
  try {
    await runAll(run, scope, connection, facts);
  } catch (fault) {
    throw await cleanUpAfter(run, scope, connection, facts, fault);
  } finally {
    await connection.close();
  }
  return machine;
}

async function runAll(
  run: BuildRun,
  scope: Scope,
  connection: OpenConnection,
  machine: MachineFactsForTemplates,
): Promise<void> {
  for (const [index, planned] of run.planned.provisioners.entries()) {
    const id = `provisioner-${index + 1}-${planned.type}`;
    try {
      await runProvisioner(run, { planned, id, kind: "provisioner", scope, connection, machine, signal: run.signal });
    } catch (fault) {
      if (!planned.continueOnError || run.signal.aborted) throw fault;
      warnOfContinuing(run, fault);
    }
  }
}

/** The fault of the provisioners, and that of the clean-up where that failed, too. */
async function cleanUpAfter(
  run: BuildRun,
  scope: Scope,
  connection: OpenConnection,
  machine: MachineFactsForTemplates,
  fault: unknown,
): Promise<unknown> {
  if (isCancel(run.signal)) return fault;
  if ((await afterFailure(run, "Provisioning", fault, { canRetry: false })) === "abort") return fault;
  const text = "Provisioning step had errors: Running the cleanup provisioner, if present...";
  run.emit({ type: "line", level: "say", text });
  const planned = run.planned.errorCleanupProvisioner;
  if (!planned) return fault;
  // It is part of the clean-up: a first Ctrl-C lets it end, a second does not.
  const signal = run.limits.now;
  const id = `error-cleanup-provisioner-${planned.type}`;
  try {
    await runProvisioner(run, { planned, id, kind: "error-cleanup-provisioner", scope, connection, machine, signal });
    return fault;
  } catch (another) {
    if (planned.continueOnError) {
      warnOfContinuing(run, another);
      return fault;
    }
    return errorList([{ fault }, { fault: another }]);
  }
}

function warnOfContinuing(run: BuildRun, fault: unknown): void {
  const said = JSON.stringify(messageOf(fault));
  const text = `Warning: Provisioner failed with ${said}, but continue_on_error is set; continuing the build.`;
  run.emit({ type: "line", level: "warning", text });
}
