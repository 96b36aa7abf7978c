/** A root certificate of "Test Root One", in base64 without line ends. */
export const ROOT = [
  "MIIBhzCCAS2gAwIBAgIUUO0o0IJoXiqFt0WB5JnomSLutT8wCgYIKoZIzj0EAwIwGDEWMBQGA1UEAwwNVGVzdCBSb290IE9uZTAg",
  "Fw0yNjExMjkyMDQyMjRaGA8yMTI2MTEwNTIwNDIyNFowGDEWMBQGA1UEAwwNVGVzdCBSb290IE9uZTBZMBMGByqGSM49AgEGCCqG",
  "SM49AwEHA0IABADzFobvidJ71c8oQEFPMU03lN608RO+GpnBW+iRgxWoM9ejHHJvXSC8mtZD69PkmXNXi0DdG2gF1i7ortuzVDaj",
  "UzBRMB0GA1UdDgQWBBTkuIYBXbimSc3sZ/dGMj5++h+p2jAfBgNVHSMEGDAWgBTkuIYBXbimSc3sZ/dGMj5++h+p2jAPBgNVHRMB",
  "Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCVJhr/DmpfL5UaBuoRbnT7hC50ZFWUZ6zydRZbs8qaFgIgOoNdOA9tFYvm3d0o",
  "gEyU2hGosH+D7VjGop36g/ssKcE=",
].join("");

const lines = (base64: string): string => base64.replaceAll(/.{64}(?=.)/g, "$&\n");

/**
 * Writes a block of PEM.
 *
 * @param base64 what it holds, without line ends
 * @param label what it is
 * @returns the block, with a line end behind it
 */
export const pem = (base64: string, label = "CERTIFICATE"): string =>
  `-----BEGIN ${label}-----\n${lines(base64)}\n-----END ${label}-----\n`;
