// The floor of `--help`: a program that does nothing.
export {};
