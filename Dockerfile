# One file on a base without a shell, for a user who is not root. It is built in the folder of a release:
#
#   docker buildx build --platform linux/amd64,linux/arm64 dist/release/v1.2.3
#
# An image of your own takes the file alone:
#
#   COPY --from=ghcr.io/OWNER/mlflow-auth:1.2.3 /mlflow-auth /usr/local/bin/

FROM scratch AS program-amd64
ADD mlflow-auth-x86_64-unknown-linux-gnu.tar.gz /

FROM scratch AS program-arm64
ADD mlflow-auth-aarch64-unknown-linux-gnu.tar.gz /

FROM program-${TARGETARCH} AS program

# glibc and libgcc are all that the program needs.
FROM gcr.io/distroless/cc-debian12:nonroot@sha256:9dac0a79194e45a7da0158a9c6da57b217585af0786db3845d1f0ec1a0dd182f
COPY --from=program /mlflow-auth /mlflow-auth
COPY --from=program /LICENSE /THIRD_PARTY_NOTICES.txt /licenses/
ENTRYPOINT ["/mlflow-auth"]
