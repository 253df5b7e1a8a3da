import { inspectContainer } from "../containers/containers.ts";
import type { DockerEngine } from "../engine/engine.ts";

/** Long enough for an engine that works, short enough for a person who waits. */
const LIMIT = 900;

/**
 * Kills what `exec` started in a container and still runs, with its descendants: the Engine API has no call for it.
 * Daemons that detached themselves stay. Best effort: images without a shell cannot be helped, nor engines that are gone.
 */
export async function killCommands(engine: DockerEngine, container: string): Promise<void> {
  const signal = AbortSignal.timeout(LIMIT);
  try {
    const pidMode = (await inspectContainer(engine, container, signal))?.HostConfig?.PidMode;
    // With processes shared, others' look like ours.
    if (pidMode !== "") return;
    const { Id: id } = await engine.json<{ Id: string }>(
      {
        what: "Could not end the command",
        method: "POST",
        path: `/containers/${container}/exec`,
        body: { User: "0", AttachStdout: true, Cmd: ["/bin/sh", "-c", KILL_SCRIPT] },
      },
      signal,
    );
    const start = { what: "Could not end the command", method: "POST", path: `/exec/${id}/start` } as const;
    const answer = await engine.send({ ...start, body: { Detach: false, Tty: false } }, signal);
    for await (const _ of answer);
  } catch {
    // The build is being cancelled; the container is about to go anyway.
  }
}

/**
 * In a container, what `exec` started has no parent (0), as has the container's own first process, which is number 1.
 * Only shell built-ins, since minimal images have no `ps`.
 */
const KILL_SCRIPT = `
parent() { while read -r key value rest; do [ "$key" = PPid: ] && echo "$value" && return; done 2>/dev/null <"/proc/$1/status"; }
tree() { for p in /proc/[0-9]*; do p=\${p#/proc/}; [ "$(parent "$p")" = "$1" ] && tree "$p"; done; kill -9 "$1" 2>/dev/null; }
for root in /proc/[0-9]*; do root=\${root#/proc/}
  [ "$root" != 1 ] && [ "$root" != $$ ] && [ "$(parent "$root")" = 0 ] && (tree "$root")
done
:`;
