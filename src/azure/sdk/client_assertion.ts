export { ClientAssertionCredential } from "@azure/identity";
