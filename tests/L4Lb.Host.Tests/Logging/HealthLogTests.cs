using System.Net;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Health;
using L4Lb.Host.Logging;
using L4Lb.Host.Tests.Support;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Logging;

public sealed class HealthLogTests
{
    private static readonly AddressKey s_backend = AddressKey.From(IPAddress.Parse("10.0.0.1"), 80);

    [Theory]
    [InlineData(HealthState.Up, HealthState.Down, 600, LogLevel.Warning, "is down: L7STS 503, 3 checks failed")]
    [InlineData(HealthState.Down, HealthState.Up, 601, LogLevel.Information, "is up: L7STS 503, 3 checks failed")]
    [InlineData(HealthState.Up, HealthState.Ejected, 602, LogLevel.Warning, "is ejected: L7STS 503, 3 checks failed")]
    [InlineData(HealthState.Ejected, HealthState.Unchecked, 603, LogLevel.Information, "is in use again after its ejection")]
    [InlineData(HealthState.Up, HealthState.Maintenance, 604, LogLevel.Information, "is in maintenance: L7STS 503, 3 checks failed")]
    [InlineData(HealthState.Down, HealthState.Unchecked, 607, LogLevel.Information, "is no longer checked")]
    [InlineData(HealthState.Unchecked, HealthState.Up, 608, LogLevel.Debug, "is found up: L7STS 503, 3 checks failed")]
    public void Each_change_has_its_line(HealthState from, HealthState to, int id, LogLevel level, string text) =>
        Assert.Equal((id, level, $"backend 10.0.0.1:80 of default/web:http {text}"), Log(from, to, drains: false));

    [Theory]
    [InlineData(true, 605, "drains, as its agent asked")]
    [InlineData(false, 606, "no longer drains")]
    public void So_has_draining(bool drains, int id, string text) => Assert.Equal(
        (id, LogLevel.Information, $"backend 10.0.0.1:80 of default/web:http {text}"), Log(HealthState.Up, HealthState.Up, drains));

    private static (int, LogLevel, string) Log(HealthState from, HealthState to, bool drains)
    {
        var logger = new ListLogger();
        new HealthLog(logger).Changed(new HealthChange(
            new ServiceKey("default", "web", "http"), s_backend, from, to, drains, "L7STS 503, 3 checks failed", DateTime.UnixEpoch));
        return Assert.Single(logger.Entries);
    }
}
