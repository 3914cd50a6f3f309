using L4Lb.Host.Journal;
using Microsoft.Extensions.Logging.Console;

namespace L4Lb.Host.Logging;

/// <summary>The process's log: to standard error, so that standard output stays free for data.</summary>
internal static class LogFactory
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    /// <summary>
    /// A logger factory as <paramref name="settings"/> has it; disposing it writes out what is queued. What is worth a line of
    /// <c>information</c> is also kept in <paramref name="journal"/>, however little the log is to say.
    /// </summary>
    public static ILoggerFactory Create(LogSettings settings, EventJournal? journal = null) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(journal is null || settings.Level < LogLevel.Information ? settings.Level : LogLevel.Information);
        var framework = (LogLevel)Math.Max((int)settings.Level, (int)LogLevel.Warning); // Kestrel's own chatter is no news of ours.
        builder.AddFilter<ConsoleLoggerProvider>(null, settings.Level);
        builder.AddFilter<ConsoleLoggerProvider>("Microsoft", framework); // What is said of a provider outdoes what is said of all.
        builder.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting", LogLevel.None);
        if (journal is not null)
        {
            builder.AddProvider(journal);
        }

        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // A failed start is reported by who asked for it.
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        if (settings.Format == LogFormat.Json)
        {
            builder.AddJsonConsole(o =>
            {
                o.UseUtcTimestamp = true;
                o.TimestampFormat = Timestamp.TrimEnd();
            });
        }
        else
        {
            builder.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = Timestamp;
            });
        }
    });
}
