import { runProgram } from "./program.ts";

// The entry of the single executable: its code is compiled already, and argv[1] repeats the executable.
void runProgram(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
