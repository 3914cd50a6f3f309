using L4Lb.Host.Journal;
using L4Lb.Host.Logging;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Logging;

public sealed class LogFactoryTests
{
    [Theory]
    [InlineData(LogLevel.Debug, "L4Lb", LogLevel.Debug, true)]
    [InlineData(LogLevel.Information, "L4Lb", LogLevel.Debug, false)]
    [InlineData(LogLevel.Information, "Microsoft.Hosting.Lifetime", LogLevel.Information, false)]
    [InlineData(LogLevel.Debug, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Information, false)]
    [InlineData(LogLevel.Information, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    public void What_is_not_ours_is_written_only_when_it_matters(LogLevel asked, string category, LogLevel level, bool isWritten)
    {
        using var journal = new EventJournal(TimeProvider.System);
        using var logs = LogFactory.Create(new LogSettings(asked), journal);

        Assert.Equal(isWritten, logs.CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public void The_journal_has_what_a_quiet_log_leaves_out()
    {
        using var journal = new EventJournal(TimeProvider.System);
        using (var logs = LogFactory.Create(new LogSettings(LogLevel.Critical), journal))
        {
            HostLog.OperatorAction(logs.CreateLogger("L4Lb"), "192.0.2.1", "kill", "session 7");
        }

        var happened = Assert.Single(journal.Read(static _ => true));
        Assert.Equal((1, 700, "operator", "operator at 192.0.2.1: kill: session 7"), (happened.Id, happened.Code, happened.Kind, happened.Message));
        Assert.Equal("session 7", happened.About["target"]);
    }

    [Fact]
    public void The_journal_is_bounded_and_keeps_the_newest()
    {
        using var journal = new EventJournal(TimeProvider.System);
        var logger = journal.CreateLogger("L4Lb");
        for (var i = 0; i < EventJournal.Capacity + 10; i++)
        {
            HostLog.OperatorAction(logger, "a", "b", $"{i}");
        }

        Assert.Equal((EventJournal.Capacity, 11L), (journal.Read(static _ => true).Count, journal.Read(static _ => true)[0].Id));
        Assert.Equal(EventJournal.Capacity + 10, journal.Last);
    }
}
