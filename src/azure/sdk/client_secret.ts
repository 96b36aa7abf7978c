export { ClientSecretCredential } from "@azure/identity";
