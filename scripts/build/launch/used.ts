/** Name of the global set in which scripts note what they use of what they declare, while they are built. */
export const USED = "mlflowAuthUsed";
