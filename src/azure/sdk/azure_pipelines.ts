export { AzurePipelinesCredential, logger } from "@azure/identity";
