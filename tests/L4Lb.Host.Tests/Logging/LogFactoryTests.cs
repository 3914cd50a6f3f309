using L4Lb.Host.Journal;
using L4Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Logging;

public sealed class LogFactoryTests
{
    [Theory]
    [InlineData(LogLevel.Debug, "L4Lb", LogLevel.Debug, true)]
    [InlineData(LogLevel.Information, "L4Lb", LogLevel.Information, true)]
    [InlineData(LogLevel.Debug, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, false)]
    [InlineData(LogLevel.Information, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information, false)]
    [InlineData(LogLevel.Information, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    [InlineData(LogLevel.Information, "Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Error, false)]
    public void The_log_has_what_is_ours_and_the_frameworks_warnings(LogLevel least, string category, LogLevel level, bool isLogged)
    {
        using var journal = new EventJournal(TimeProvider.System);
        using var logs = LogFactory.Create(new LogSettings(least), journal);

        Assert.Equal(isLogged, logs.CreateLogger(category).IsEnabled(level));
    }
}
