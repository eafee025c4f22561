# syntax=docker/dockerfile:1

# The service, built with the toolchain's image and run without it: the Swift runtime is linked statically.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev zlib1g-dev pkg-config python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# Dependencies change less often than sources: a layer, and a cache, of their own.
COPY Package.swift ./
RUN swift package resolve
COPY scripts/setup scripts/
RUN scripts/setup swagger-ui

COPY . .
RUN swift build --configuration release --product invoices --static-swift-stdlib \
    && install -D --strip "$(swift build --configuration release --show-bin-path)/invoices" /app/invoices \
    && cp -r Migrations openapi.yaml .swagger-ui /app/

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl libpq5 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --home-dir /app invoices
COPY --from=build /app /app
WORKDIR /app
USER invoices
ENV PORT=3001
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD curl --fail --silent --output /dev/null "http://127.0.0.1:${PORT}/health/live"
ENTRYPOINT ["/app/invoices"]
CMD ["serve"]
