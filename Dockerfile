# docker build -t l4lb .
# The program alone on the runtime that it needs: no shell, no package manager, no root. docs/operations/packages.md says
# which capabilities it wants for what.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG NODE=node:24-bookworm-slim

# The dashboard's files: the only thing that Node is for.
FROM ${NODE} AS dashboard
WORKDIR /dashboard
COPY src/L4Lb.Host/Dashboard/web/package.json src/L4Lb.Host/Dashboard/web/package-lock.json src/L4Lb.Host/Dashboard/web/.npmrc ./
RUN npm ci --ignore-scripts
COPY src/L4Lb.Host/Dashboard/web ./
RUN npm run build

FROM ${SDK} AS build
WORKDIR /l4lb
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI=true
COPY . .
COPY --from=dashboard /dashboard/dist /dashboard
RUN dotnet restore src/L4Lb.Host --locked-mode \
 && dotnet publish src/L4Lb.Host -c Release --no-restore -p:DashboardFolder=/dashboard -o /out/app \
 && rm -f /out/app/*.pdb /out/app/*.xml \
 && mkdir -p /out/state /out/run

FROM ${RUNTIME}
LABEL org.opencontainers.image.title="L4Lb" \
      org.opencontainers.image.description="A user-space layer-4 load balancer that speaks Kubernetes Services"
COPY --from=build /out/app /app
# Volumes take the owner of the folder that they are mounted on first.
COPY --from=build --chown=1654:1654 /out/state /var/lib/l4lb
COPY --from=build --chown=1654:1654 /out/run /run/l4lb
ENV DOTNET_EnableDiagnostics=0
# The user `app` of the runtime's image, by its number: Kubernetes' runAsNonRoot wants to see that it is not 0.
USER 1654:1654
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["/app/l4lb", "health"]
ENTRYPOINT ["/app/l4lb"]
CMD ["--help"]
