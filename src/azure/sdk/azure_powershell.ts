export { AzurePowerShellCredential } from "@azure/identity";
