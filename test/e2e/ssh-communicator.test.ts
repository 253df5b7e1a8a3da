import { describeCommunicator } from "../conformance/describe-communicator.ts";
import { machineOf } from "../support/ssh-machine.ts";
import { noSshd, Sshd, type SshdOptions } from "../support/sshd.ts";

const never = new AbortController().signal;

describeCommunicator("ssh", () => startRig(), { skipped: noSshd });

async function startRig(options: SshdOptions = {}) {
  const sshd = await Sshd.start(options);
  const machine = await machineOf(sshd);
  const communicator = await machine.connect(never);
  return {
    sshd,
    communicator,
    vanish: () => sshd.kill(),
    async [Symbol.asyncDispose]() {
      await communicator.close();
      await sshd[Symbol.asyncDispose]();
    },
  };
}
