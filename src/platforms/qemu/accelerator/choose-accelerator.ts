import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import { type Owner, temporaryPath } from "../../../sdk/temporary-path.ts";
import { armProbeImage, X86_PROBE_EXIT, x86ProbeImage } from "./probe-image.ts";

export type Accelerator = "hvf" | "whpx" | "kvm" | "tcg";

export interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  /** For people: "kvm does not work here (a guest hung in it for 1.5 s), so tcg, which is slow". */
  readonly reason: string;
}

/** A guest of a few hundred instructions answers within 0.2 s; what takes this long (milliseconds) hangs. */
const PROBE_LIMIT = 1500;

/**
 * The fastest accelerator that really runs a guest here, tried by running one. `binary` is a qemu-system program; the
 * architecture of its guests is read from its name.
 */
export async function chooseAccelerator(
  binary: string,
  work: Owner & { readonly host: Host },
  signal: AbortSignal,
): Promise<AcceleratorChoice> {
  const own = hostArchitecture(work.host.architecture);
  const guest = guestArchitecture(binary) ?? own;
  const fast = hardwareAccelerator(work.host.platform);
  if (fast === undefined)
    return { accelerator: "tcg", reason: "this system has no hardware acceleration that QEMU knows" };
  if (guest !== own && !(guest === "i386" && own === "x86_64")) {
    return { accelerator: "tcg", reason: `a guest of ${guest} is emulated on a machine of ${own}` };
  }
  const fault = await probe(binary, guest, fast, work, signal);
  if (fault === undefined) return { accelerator: fast, reason: `${fast} runs guests here` };
  return { accelerator: "tcg", reason: `${fast} does not work here (${fault}), so tcg, which is slow` };
}

/** undefined: a guest ran. Else why not. */
export async function probe(
  binary: string,
  guest: string,
  accelerator: Accelerator,
  work: Owner & { readonly host: Host },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { host } = work;
  const image = imageFor(guest);
  // What cannot be probed is believed: QEMU says at its start when it cannot use it.
  if (image === undefined) return undefined;
  const file = await temporaryPath(host, work, ".bin");
  const limit = AbortSignal.timeout(PROBE_LIMIT);
  try {
    await host.files.write(file.path, image.content);
    const flags = [...image.flags(accelerator), "-bios", file.path, "-m", "16", "-nodefaults", "-display", "none"];
    const command = [binary, ...flags, "-no-reboot", "-no-user-config"] as const;
    const { code, stderr } = await host.run({ argv: [...command], killAfter: 200 }, AbortSignal.any([signal, limit]));
    return code === image.exit ? undefined : firstLine(stderr) || `QEMU ended with code ${code}`;
  } catch (fault) {
    signal.throwIfAborted();
    if (limit.aborted) return `a guest hung in it for ${PROBE_LIMIT / 1000} s`;
    if (fault instanceof Failure) throw new Failure(fault.message, { cause: fault, hint: MISSING });
    throw fault;
  } finally {
    await file.remove();
  }
}

const MISSING =
  "Install QEMU (Debian: apt-get install qemu-system-x86 qemu-utils), or name its program with `qemu_binary`.";

interface ProbeImage {
  readonly content: Buffer;
  readonly exit: number;
  flags(accelerator: Accelerator): readonly string[];
}

function imageFor(guest: string): ProbeImage | undefined {
  switch (guest) {
    case "x86_64":
      return {
        content: x86ProbeImage(),
        exit: X86_PROBE_EXIT,
        flags: (accelerator) => [
          "-machine",
          `pc,accel=${accelerator}`,
          "-device",
          "isa-debug-exit,iobase=0xf4,iosize=4",
        ],
      };
    case "aarch64":
      return {
        content: armProbeImage(),
        exit: 0,
        // With a hypervisor the processor must be the host's.
        flags: (accelerator) => [
          "-machine",
          `virt,accel=${accelerator}`,
          "-cpu",
          accelerator === "tcg" ? "max" : "host",
        ],
      };
    default:
      return undefined;
  }
}

/** "/usr/bin/qemu-system-x86_64" -> "x86_64"; qemu-kvm and the like emulate the machine they run on. */
function guestArchitecture(binary: string): string | undefined {
  return /qemu-system-([a-z0-9_]+?)w?(?:\.exe)?$/i.exec(binary)?.[1];
}

function hostArchitecture(node: string): string {
  return { x64: "x86_64", arm64: "aarch64", ia32: "i386" }[node] ?? node;
}

function hardwareAccelerator(platform: Host["platform"]): Accelerator | undefined {
  const known: Partial<Record<Host["platform"], Accelerator>> = { linux: "kvm", darwin: "hvf", win32: "whpx" };
  return known[platform];
}

function firstLine(text: string): string {
  return (text.split("\n").find((line) => line.trim() !== "") ?? "").replace(/^\S*qemu-system-\S+: /, "").trim();
}
