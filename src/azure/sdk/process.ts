export { execFile } from "@azure/core-process";
