export { AzureDeveloperCliCredential } from "@azure/identity";
