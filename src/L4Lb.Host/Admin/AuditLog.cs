using L4Lb.Host.Logging;

namespace L4Lb.Host.Admin;

/// <summary>Says of every change that was asked for by the admin API who did what.</summary>
internal sealed class AuditLog(ILogger logger)
{
    /// <summary>Writes of a change that was carried out.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">What was done.</param>
    /// <param name="target">To what.</param>
    public void Write(HttpContext context, string action, string target) =>
        HostLog.OperatorAction(logger, Who(context), action, target);

    /// <summary>Writes of a request that was refused.</summary>
    public void Refused(HttpContext context, string why) =>
        HostLog.OperatorRefused(logger, Who(context), context.Request.Method, context.Request.Path, why);

    private static string Who(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress?.ToString() ?? "a unix socket";
        return AccessLevels.Of(context) is { } level ? $"{remote} ({level.ToString().ToLowerInvariant()} token)" : remote;
    }
}
