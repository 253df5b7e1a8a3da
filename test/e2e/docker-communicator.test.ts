import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { dockerCommunicator } from "../../src/platforms/docker/communicator/docker-communicator.ts";
import { createContainer, removeContainer, startContainer } from "../../src/platforms/docker/containers/containers.ts";
import { connectEngine } from "../../src/platforms/docker/engine/engine.ts";
import type { Communicator } from "../../src/sdk/communicator.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import { type CommunicatorRig, describeCommunicator } from "../conformance/describe-communicator.ts";
import { baseImage, docker, noDocker } from "../support/docker.ts";

const never = new AbortController().signal;
const skipped = noDocker;

describeCommunicator("docker", () => startRig(), { skipped });

test.skipIf(skipped !== undefined)(`uploads belong to the user that is asked for${because()}`, async () => {
  await using rig = await startRig({ uploadOwner: "games:tty" });
  await rig.communicator.upload(Buffer.from("x"), "/tmp/owned", {}, never);
  expect(await output(rig.communicator, "stat -c %U:%G /tmp/owned")).toBe("games:tty\n");
});

test.skipIf(skipped !== undefined)(
  `uploads belong to root where the container does not know the user${because()}`,
  async () => {
    const warned: string[] = [];
    await using rig = await startRig({ uploadOwner: "nosuchuser", warn: (text) => warned.push(text) });
    await rig.communicator.upload(Buffer.from("x"), "/tmp/owned", {}, never);
    expect(await output(rig.communicator, "stat -c %U:%G /tmp/owned")).toBe("root:root\n");
    expect(warned).toEqual([expect.stringContaining('"nosuchuser"')]);
  },
);

test.skipIf(skipped !== undefined)(`commands run as the user that is asked for${because()}`, async () => {
  await using rig = await startRig({ execUser: "games" });
  expect(await output(rig.communicator, "id -un")).toBe("games\n");
});

test.skipIf(skipped !== undefined)(
  `a cancelled command and what it started are killed, daemons are not${because()}`,
  async () => {
    await using rig = await startRig();
    await rig.communicator.run({ line: "setsid sleep 201 >/dev/null 2>&1 &" }, never);
    const controller = new AbortController();
    const running = rig.communicator.run({ line: "sleep 202 & sh -c 'sleep 203; true'; true" }, controller.signal);
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(running).rejects.toThrow("enough");
    const sleeping = await output(
      rig.communicator,
      "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null | grep '^sleep'",
    );
    expect(sleeping).toBe("sleep 201 \n");
  },
);

test.skipIf(skipped !== undefined)(`with a terminal, output comes in one stream${because()}`, async () => {
  await using rig = await startRig({ tty: true });
  expect(await output(rig.communicator, "test -t 1 && echo terminal")).toBe("terminal\r\n");
});

async function startRig(options: Partial<Parameters<typeof dockerCommunicator>[0]> = {}): Promise<CommunicatorRig> {
  const engine = await connectEngine(localHost(), never);
  const name = `ingot-e2e-${randomBytes(6).toString("hex")}`;
  const request = { Image: baseImage(), Entrypoint: ["/bin/sh"], OpenStdin: true, Tty: true };
  const container = await createContainer(engine, name, request, { warn() {} }, never);
  await startContainer(engine, container, never);
  return {
    communicator: dockerCommunicator({ engine, container, warn() {}, ...options }),
    vanish: async () => void docker("rm", "-f", name),
    async [Symbol.asyncDispose]() {
      await removeContainer(engine, container, never);
      engine.close();
    },
  };
}

async function output(communicator: Communicator, line: string): Promise<string> {
  const chunks: Buffer[] = [];
  await communicator.run({ line, onStdout: (chunk) => chunks.push(chunk) }, never);
  return Buffer.concat(chunks).toString();
}

function because(): string {
  return skipped === undefined ? "" : ` (skipped: ${skipped})`;
}
