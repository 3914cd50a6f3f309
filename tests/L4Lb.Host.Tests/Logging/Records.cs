using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Sessions;

namespace L4Lb.Host.Tests.Logging;

/// <summary>Sessions that are over.</summary>
internal static class Records
{
    public static SessionRecord Some(long id) => new()
    {
        Id = id,
        Accepted = new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc),
        Service = new ServiceKey("default", "web", "http"),
        Client = AddressKey.From(IPEndPoint.Parse("192.0.2.7:40000")),
        Listen = AddressKey.From(IPEndPoint.Parse("10.96.0.1:80")),
        TotalTime = TimeSpan.FromMilliseconds(20),
        Reason = CloseReason.HalfCloseTimeout,
        Shard = 1,
    };

    public static SessionRecord Served(long id) => Some(id) with
    {
        Backend = AddressKey.From(IPEndPoint.Parse("10.0.0.1:8080")),
        Attempts = 1,
        ConnectTime = TimeSpan.FromMilliseconds(1.25),
        BytesFromClient = 79,
        BytesFromBackend = 802,
        Reason = CloseReason.Completed,
    };
}
