# Martlet in a container: the program, the libraries it links, certificates, and nothing else; no shell, no package manager.
#
#   docker build --tag martlet:0.1.0 .                                         the program alone; mount what it serves:
#   docker run -p 8000:8000 -v ./configuration:/service/configuration:ro -v ./models:/service/models:ro martlet:0.1.0
#
#   docker build --build-arg CONFIGURATION=configuration/rest_config.yaml --build-arg MODELS=models --tag my-models .
#
# bakes a configuration and the packages of a folder. docs/deployment.md goes on from here.
ARG SWIFT_IMAGE=docker.io/library/swift:6.3-bookworm

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        ca-certificates libcurl4-openssl-dev libhiredis-dev libssl-dev libyaml-dev libzip-dev zlib1g-dev >/dev/null \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# The Swift runtime is linked in, and the symbols are left out.
RUN swift build -c release --static-swift-stdlib -Xlinker -s --product martlet
# A file and a folder of this context, or nothing.
ARG CONFIGURATION=""
ARG MODELS=""
RUN .ci/image-root "$(swift build -c release --show-bin-path)/martlet" /image "${CONFIGURATION}" "${MODELS}"

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=""
ARG CREATED=""
LABEL org.opencontainers.image.title="Martlet" \
      org.opencontainers.image.description="Serves machine-learning models over HTTP from one small native process." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="scratch"
COPY --from=build /image /
# Nothing is written: the root file system may be read-only.
USER 10000:10000
# configuration/rest_config.yaml and models are looked for here.
WORKDIR /service
EXPOSE 8000
# Liveness where the configuration listens, asked by the program itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/usr/bin/martlet", "healthcheck"]
# No shell between: the program is process 1 and gets SIGTERM.
ENTRYPOINT ["/usr/bin/martlet"]
CMD ["serve"]
