import { Disconnected } from "../../sdk/communicator.ts";
import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import type { PlannedProvisioner } from "../../template/plan.ts";
import type { BuildRun } from "../build-run.ts";
import { configureAgain } from "../configuration/configure-again.ts";
import type { Scope } from "../ownership/ledger.ts";
import { runStep } from "../recipe/run-step.ts";
import { withMetaArguments } from "./attempts.ts";
import { laterTemplates } from "./later-templates.ts";
import type { OpenConnection } from "./open-connection.ts";

export interface ProvisionerRun {
  readonly planned: PlannedProvisioner;
  readonly id: string;
  readonly kind: "provisioner" | "error-cleanup-provisioner";
  readonly scope: Scope;
  readonly connection: OpenConnection;
  readonly machine: MachineFactsForTemplates;
  readonly signal: AbortSignal;
}

/** Runs one provisioner with its meta-arguments but for `continue_on_error`. */
export function runProvisioner(run: BuildRun, one: ProvisionerRun): Promise<void> {
  const { planned, connection, machine } = one;
  const templates = laterTemplates(run, machine);
  let lost = false;
  return runStep(run, {
    id: one.id,
    title: planned.name ?? planned.type,
    kind: one.kind,
    component: planned.type,
    scope: one.scope,
    signal: one.signal,
    pause: `Pausing before the next provisioner (${planned.name ?? planned.type}). Press enter to continue.`,
    askable: one.kind === "provisioner" && !planned.continueOnError,
    run: (attempt) =>
      withMetaArguments(run, planned, one.signal, (limit) =>
        attempt(async (step) => {
          const config = await configureAgain(run, planned, { facts: machine });
          if (lost) await connection.reconnect(step.signal);
          lost = false;
          try {
            await planned.component.run(config, {
              ...step,
              ...templates,
              facts: run.facts,
              communicator: connection.current,
              machine,
              interaction: run.interaction,
              reconnect: () => connection.reconnect(step.signal),
            });
          } catch (fault) {
            lost = wasDisconnected(fault);
            throw fault;
          }
        }, limit),
      ),
  });
}

const LONGEST_CHAIN = 8;

/** A retry would find the connection dead, too. */
function wasDisconnected(fault: unknown): boolean {
  let current = fault;
  for (let depth = 0; current instanceof Error && depth < LONGEST_CHAIN; depth++) {
    if (current instanceof Disconnected) return true;
    current = current.cause;
  }
  return false;
}
