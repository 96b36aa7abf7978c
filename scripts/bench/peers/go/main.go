// What a Go program costs that does the same with Microsoft's own packages: signs in with a client secret, reads one secret, and becomes
// its command.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log"
	"net/http"
	"os"
	"os/exec"
	"syscall"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	roots := must(x509.SystemCertPool())
	roots.AppendCertsFromPEM(must(os.ReadFile(os.Getenv("MLFLOW_AUTH_CA_BUNDLE"))))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	public := cloud.AzurePublic
	if authority := os.Getenv("AZURE_AUTHORITY_HOST"); authority != "" {
		public.ActiveDirectoryAuthorityHost = authority
	}
	options := azcore.ClientOptions{Transport: &http.Client{Transport: transport}, Cloud: public}
	credential := must(azidentity.NewClientSecretCredential(
		os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID"), os.Getenv("AZURE_CLIENT_SECRET"),
		// As the program does: an authority that it is told of is not asked about, nor is the public one.
		&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true},
	))
	client := must(azsecrets.NewClient(os.Getenv("MLFLOW_AZURE_KEY_VAULT_URL"), credential, &azsecrets.ClientOptions{
		ClientOptions:                        options,
		DisableChallengeResourceVerification: os.Getenv("AZURE_AUTHORITY_HOST") != "",
	}))
	secret := must(client.GetSecret(context.Background(), os.Getenv("MLFLOW_AZURE_SECRET_NAME"), "", nil))
	if err := os.Setenv("MLFLOW_TRACKING_TOKEN", *secret.Value); err != nil {
		log.Fatal(err)
	}
	log.Fatal(syscall.Exec(must(exec.LookPath(os.Args[1])), os.Args[1:], os.Environ()))
}
