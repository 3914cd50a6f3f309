using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Cli;

/// <summary>The one service that <c>--listen</c> and <c>--backend</c> describe, in the same objects as a file's.</summary>
internal static class DirectService
{
    /// <summary>A service with every listen and every backend.</summary>
    public static DesiredState Describe(
        IReadOnlyList<IPEndPoint> listens, IReadOnlyList<BackendSpec> backends, SchedulerSpec scheduler, TimeSpan drainTimeout) =>
        new()
        {
            Revision = 1,
            Services =
            [
                new ServiceSpec
                {
                    Key = new ServiceKey("default", "direct", "tcp"),
                    Listens = listens.Select(l => new ListenSpec { Address = l }).ToEquatableArray(),
                    Backends = backends.ToEquatableArray(),
                    Scheduler = scheduler,
                    Timeouts = TimeoutSpec.Default with { Drain = drainTimeout },
                },
            ],
        };
}
