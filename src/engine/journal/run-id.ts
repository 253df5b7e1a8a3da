import { randomInt } from "node:crypto";

/** A new id for a run, such as "20261123-045043-x7k2": ids sort by the time (UTC) of their making. */
export function newRunId(now: Date): string {
  const [date = "", time = ""] = now.toISOString().slice(0, 19).replace(/[-:]/g, "").split("T");
  const tail = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("");
  return `${date}-${time}-${tail}`;
}

/** Without letters and digits that look alike. */
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** When the id was made, milliseconds since 1970; undefined: it is no id of a run. */
export function timeOfRunId(id: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[a-z0-9]+$/.exec(id) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
