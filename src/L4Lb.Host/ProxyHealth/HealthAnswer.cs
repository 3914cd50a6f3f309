using System.Globalization;
using System.Text;
using L4Lb.K8s.Cluster;

namespace L4Lb.Host.ProxyHealth;

/// <summary>What kube-proxy answers to health checks, byte for byte; load balancers and scripts were written against it.</summary>
internal static class HealthAnswer
{
    private static readonly DateTimeOffset s_never = DateTimeOffset.MinValue;

    /// <summary>Whether a node is to get traffic for a Service; the same for every path and method.</summary>
    public static Task WriteAsync(HttpContext context, HealthCheckNodePort service, bool isProxyHealthy)
    {
        context.Response.Headers["X-Load-Balancing-Endpoint-Weight"] = service.LocalEndpoints.ToString(CultureInfo.InvariantCulture);

        // Names are DNS labels: there is nothing in them to escape.
        return WriteAsync(
            context,
            service.LocalEndpoints > 0 && isProxyHealthy,
            $$"""
            {
            	"service": {
            		"namespace": "{{service.Namespace}}",
            		"name": "{{service.Name}}"
            	},
            	"localEndpoints": {{service.LocalEndpoints}},
            	"serviceProxyHealthy": {{Word(isProxyHealthy)}}
            }
            """);
    }

    /// <summary>Whether the node is to get traffic at all.</summary>
    public static Task WriteHealthAsync(HttpContext context, IProxyHealth health, DateTimeOffset now)
    {
        var isHealthy = !health.IsSyncOverdue && health.IsNodeEligible;
        return WriteAsync(context, isHealthy, $"{{{Times(health, isHealthy, now)}, \"nodeEligible\": {Word(health.IsNodeEligible)}}}");
    }

    /// <summary>Whether the proxy does its work.</summary>
    public static Task WriteLivenessAsync(HttpContext context, IProxyHealth health, DateTimeOffset now)
    {
        var isHealthy = !health.IsSyncOverdue;
        return WriteAsync(context, isHealthy, $"{{{Times(health, isHealthy, now)}}}");
    }

    /// <summary>There is nothing at this path.</summary>
    public static Task WriteNotFoundAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "text/plain; charset=utf-8", "404 page not found\n");

    // A proxy without work is up to date: what is well was updated just now.
    private static string Times(IProxyHealth health, bool isHealthy, DateTimeOffset now) =>
        $"\"lastUpdated\": \"{Text(isHealthy ? now : health.LastSync ?? s_never)}\",\"currentTime\": \"{Text(now)}\"";

    // As Go's Time.String writes it; a fraction has no zeros at its end, nor a point when there is none.
    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF '+0000 UTC'", CultureInfo.InvariantCulture);

    private static string Word(bool value) => value ? "true" : "false";

    private static Task WriteAsync(HttpContext context, bool isHealthy, string json) => WriteAsync(
        context, isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, "application/json", json);

    private static Task WriteAsync(HttpContext context, int code, string type, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }
}
