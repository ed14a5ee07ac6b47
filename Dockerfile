# syntax=docker/dockerfile:1

# What the program runs on. It needs nothing: take another base, such as alpine,
# to have a shell beside it.
ARG BASE=scratch

# The builder runs on the machine that builds, whatever it builds for.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH TARGETVARIANT VERSION=dev
# The variant of arm is "v7" here and "7" for Go; other architectures ignore it. Our own
# code and the libraries that talk to platforms wait for people and disks: copies of
# small functions in them would make the program larger and nothing faster.
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH GOARM=${TARGETVARIANT#v} \
    go build -trimpath -gcflags="attune/...=-l" -gcflags="github.com/...=-l" -gcflags="net/http=-l" -ldflags "-s -w -X main.version=$VERSION" -o /out/attune ./cmd/attune
# scratch has no mkdir and no chown, so that the folder is made here.
RUN mkdir /out/data

FROM ${BASE}
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/LICENSE /src/rituals/zones/LICENSE-DATA /usr/share/licenses/attune/
COPY --from=build /out/attune /usr/local/bin/attune
COPY --from=build --chown=65532:65532 --chmod=0700 /out/data /data
USER 65532:65532
ENV ATTUNE_DATABASE=/data/attune.db
VOLUME /data
STOPSIGNAL SIGTERM
# It fails when the database cannot be written or nobody rings the alarms, and not when a
# platform is away: to start again would not bring that back.
HEALTHCHECK --interval=1m --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/attune", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/attune"]
