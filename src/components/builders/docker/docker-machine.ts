import { dockerCommunicator } from "../../../platforms/docker/communicator/docker-communicator.ts";
import { inspectContainer } from "../../../platforms/docker/containers/containers.ts";
import { lastOutput } from "../../../platforms/docker/containers/last-output.ts";
import type { DockerEngine } from "../../../platforms/docker/engine/engine.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Json } from "../../../sdk/json.ts";
import type { Machine } from "../../../sdk/machine.ts";
import { noneCommunicator } from "../../../sdk/none-communicator.ts";
import type { Config } from "../../../spec/field.ts";
import type { dockerFields } from "./fields.ts";

/** A running container as a machine for provisioners. */
export function dockerMachine(
  engine: DockerEngine,
  container: string,
  config: Config<typeof dockerFields>,
  options: { facts: Readonly<Record<string, Json>>; warn: (text: string) => void },
): Machine {
  return {
    facts: { ...options.facts, ID: container, ConnType: config.communicator },
    record: () => ({ container, endpoint: engine.endpoint }),
    async connect(signal) {
      if (config.communicator === "none") return noneCommunicator();
      const { State, Config: settings } = (await inspectContainer(engine, container, signal)) ?? {};
      if (State?.Running !== true) {
        const said = await lastOutput(engine, container, signal);
        throw new Failure(
          `The container has ended already, with exit code ${State?.ExitCode ?? "unknown"}${said === "" ? "" : `: ${said}`}`,
          { hint: "Its first process must stay: by default that is /bin/sh with -i and -t. Look at run_command." },
        );
      }
      return dockerCommunicator({
        engine,
        container,
        execUser: config.exec_user,
        uploadOwner: config.fix_upload_owner ? settings?.User : undefined,
        tty: config.pty,
        warn: options.warn,
      });
    },
  };
}
