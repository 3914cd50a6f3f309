using OpenTelemetry.Resources;

namespace L4Lb.Host.Telemetry;

/// <summary>Who is measured.</summary>
internal static class TelemetryResource
{
    /// <summary>This instance; <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> have the last word.</summary>
    public static ResourceBuilder Builder => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService("l4lb", serviceVersion: Product.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: Environment.MachineName)
        .AddEnvironmentVariableDetector();
}
