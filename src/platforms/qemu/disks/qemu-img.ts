import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";

export interface DiskInfo {
  /** "qcow2", "raw", … */
  readonly format: string;
  /** What a guest sees, in bytes. */
  readonly virtualSize: number;
  /** What it takes on this machine, in bytes. */
  readonly actualSize: number;
  /** The file that it stands on, as it is written in it. */
  readonly backing: string | undefined;
}

export interface Conversion {
  readonly from: string;
  /** undefined: qemu-img finds out. Say it for raw disks: a guest could have written the head of another format. */
  readonly fromFormat?: string | undefined;
  readonly to: string;
  /** qemu-img's own name: "qcow2", "raw", "vmdk", "vpc", "vhdx", "vdi". */
  readonly format: string;
  /** `-o`: "subformat=streamOptimized", "compression_type=zstd". */
  readonly options?: readonly string[];
  readonly compress?: boolean;
  /** Further flags of the user (`qemu_img_args`). */
  readonly flags?: readonly string[];
}

/** The disk tool of QEMU. Every fault of it is a Failure with its own words. */
export interface QemuImg {
  /** `size` as QEMU takes it: "40960M". Without one, that of the backing file. */
  create(disk: NewDisk, signal: AbortSignal): Promise<void>;
  info(path: string, signal: AbortSignal): Promise<DiskInfo>;
  /** `onProgress` is told shares from 0 to 1. */
  convert(conversion: Conversion, signal: AbortSignal, onProgress?: (share: number) => void): Promise<void>;
  resize(path: string, format: string, size: string, signal: AbortSignal): Promise<void>;
}

export interface NewDisk {
  readonly path: string;
  readonly format: string;
  readonly size?: string | undefined;
  readonly backing?: { readonly path: string; readonly format: string } | undefined;
  readonly flags?: readonly string[];
}

export function qemuImg(host: Pick<Host, "run">, binary = "qemu-img"): QemuImg {
  const run = async (
    what: string,
    args: readonly string[],
    signal: AbortSignal,
    onStdout?: (chunk: Buffer) => void,
  ): Promise<string> => {
    const listener = onStdout ? { onStdout } : {};
    const { code, stdout, stderr } = await host.run({ argv: [binary, ...args], ...listener }, signal);
    if (code !== 0) throw failureOf(what, code, stderr);
    return stdout;
  };
  return {
    async create({ path, format, size, backing, flags = [] }, signal) {
      const base = backing ? ["-b", backing.path, "-F", backing.format] : [];
      const args = ["create", "-q", "-f", format, ...base, ...flags, path, ...(size === undefined ? [] : [size])];
      await run(`create the disk ${path}`, args, signal);
    },
    async info(path, signal) {
      // -U: a running QEMU may hold it.
      return diskInfo(await run(`read the disk ${path}`, ["info", "-U", "--output=json", path], signal));
    },
    async convert({ from, fromFormat, to, format, options = [], compress = false, flags = [] }, signal, onProgress) {
      const source = fromFormat === undefined ? [] : ["-f", fromFormat];
      const target = [...(compress ? ["-c"] : []), "-O", format, ...options.flatMap((option) => ["-o", option])];
      // -W: several writers, out of order. A stream-optimised disk must be written in order.
      const fast = options.some((option) => option.includes("streamOptimized")) ? [] : ["-W"];
      const args = ["convert", "-p", ...fast, ...source, ...target, ...flags, from, to];
      await run(`convert ${from} to ${format}`, args, signal, (chunk) => {
        const last = [...chunk.toString("latin1").matchAll(/\(([\d.]+)\/100%\)/g)].at(-1)?.[1];
        if (last !== undefined) onProgress?.(Number(last) / 100);
      });
    },
    async resize(path, format, size, signal) {
      await run(`resize the disk ${path}`, ["resize", "-q", "-f", format, path, size], signal);
    },
  };
}

function diskInfo(json: string): DiskInfo {
  // The shape is qemu-img's promise (its QAPI schema, ImageInfo).
  const info = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const backing = info["full-backing-filename"] ?? info["backing-filename"];
  return {
    format: String(info.format),
    virtualSize: Number(info["virtual-size"]),
    actualSize: Number(info["actual-size"] ?? 0),
    backing: typeof backing === "string" ? backing : undefined,
  };
}

function failureOf(what: string, code: number | null, stderr: string): Failure {
  const lines = stderr.split("\n").map((line) => line.replace(/^qemu-img: /, "").trim());
  const answer = lines.find((line) => line !== "") ?? `qemu-img ended with code ${code}`;
  const full = /No space left/.test(answer);
  return new Failure(`Cannot ${what}: ${answer}`, full ? { hint: "Make room on the disk that holds the output." } : {});
}
