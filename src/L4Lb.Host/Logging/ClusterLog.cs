using System.Net;
using L4Lb.K8s.Informers;
using L4Lb.K8s.Provider;

namespace L4Lb.Host.Logging;

/// <summary>What following a cluster has to say, with the event ids 9xx of <see cref="HostLog"/>.</summary>
internal sealed partial class ClusterLog(ILogger logger) : IInformerLog
{
    /// <inheritdoc/>
    public void Listed(string resource, int objects, int changes, TimeSpan took, string? reason)
    {
        if (reason is null)
        {
            LogListed(logger, resource, objects, took.TotalMilliseconds);
        }
        else
        {
            LogListedAgain(logger, resource, objects, changes, took.TotalMilliseconds, reason);
        }
    }

    /// <inheritdoc/>
    public void Failing(string resource, string problem) => LogFailing(logger, resource, problem);

    /// <inheritdoc/>
    public void Recovered(string resource, TimeSpan outage) => LogRecovered(logger, resource, outage);

    /// <inheritdoc/>
    public void NotServed(string resource) => LogNotServed(logger, resource);

    /// <inheritdoc/>
    public void HandlerFailed(string resource, Exception exception) => LogHandlerFailed(logger, exception, resource);

    /// <summary>Which cluster it is.</summary>
    [LoggerMessage(900, LogLevel.Information, "following the cluster at {cluster}")]
    public static partial void Following(ILogger logger, string cluster);

    /// <summary>Where the proxy's own health is told.</summary>
    [LoggerMessage(911, LogLevel.Information, "/healthz and /livez on http://{address}")]
    public static partial void HealthzStarted(ILogger logger, IPEndPoint address);

    /// <summary>What the provider did or could not do.</summary>
    public static void Reported(ILogger logger, EventNote note) =>
        LogReported(logger, note.IsWarning ? LogLevel.Warning : LogLevel.Information, note.About.ToString(), note.Reason, note.Note);

    /// <summary>Who gives out addresses.</summary>
    public static void Leads(ILogger logger, bool leads, string holder, string? problem)
    {
        if (leads)
        {
            LogLeads(logger);
        }
        else if (problem is not null)
        {
            LogLeaseFails(logger, problem);
        }
        else if (holder.Length > 0)
        {
            LogFollows(logger, holder);
        }
    }

    [LoggerMessage(EventId = 907, Message = "{about}: {reason}: {note}")]
    private static partial void LogReported(ILogger logger, LogLevel level, string about, string reason, string note);

    [LoggerMessage(908, LogLevel.Information, "this instance gives out addresses")]
    private static partial void LogLeads(ILogger logger);

    [LoggerMessage(909, LogLevel.Information, "{holder} gives out addresses")]
    private static partial void LogFollows(ILogger logger, string holder);

    [LoggerMessage(910, LogLevel.Warning, "who gives out addresses cannot be found out: {problem}")]
    private static partial void LogLeaseFails(ILogger logger, string problem);

    [LoggerMessage(901, LogLevel.Information, "{resource}: {objects} objects, read in {ms:F0} ms")]
    private static partial void LogListed(ILogger logger, string resource, int objects, double ms);

    [LoggerMessage(902, LogLevel.Information, "{resource}: {objects} objects, read again in {ms:F0} ms, {changes} changes: {reason}")]
    private static partial void LogListedAgain(ILogger logger, string resource, int objects, int changes, double ms, string reason);

    [LoggerMessage(903, LogLevel.Warning, "{resource}: the API server cannot be followed, what is known stays in force: {problem}")]
    private static partial void LogFailing(ILogger logger, string resource, string problem);

    [LoggerMessage(904, LogLevel.Information, "{resource}: the API server is followed again, after {outage}")]
    private static partial void LogRecovered(ILogger logger, string resource, TimeSpan outage);

    [LoggerMessage(905, LogLevel.Information, "{resource}: the API server does not know them")]
    private static partial void LogNotServed(ILogger logger, string resource);

    [LoggerMessage(906, LogLevel.Error, "{resource}: a change was not dealt with")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string resource);
}
