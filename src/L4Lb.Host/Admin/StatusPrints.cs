using System.Runtime.CompilerServices;
using L4Lb.Engine;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Admin;

/// <summary>What changes of a status as one number, without making the text that is told of it.</summary>
internal static class StatusPrints
{
    /// <summary>Of everything in a <see cref="ServiceAnswer"/>.</summary>
    public static int Of(ServiceStatus service)
    {
        var (sessions, print) = (service.Sessions, default(HashCode));
        print.Add(RuntimeHelpers.GetHashCode(service.Spec)); // The same object while the service is as it was.
        print.Add(service.Active);
        print.Add(service.Total);
        print.Add(service.Waiting);
        print.Add(sessions.ConnectAttempts);
        print.Add(sessions.ConnectFailures);
        print.Add(sessions.Retries);
        print.Add(sessions.Traffic);
        print.Add(service.Sources);
        print.Add(service.Affinity);
        foreach (var (reason, count) in sessions.Closed)
        {
            print.Add(reason);
            print.Add(count);
        }

        foreach (var backend in service.Backends)
        {
            print.Add(backend.EffectiveWeight > 0);
        }

        return print.ToHashCode();
    }

    /// <summary>Of everything in a <see cref="BackendAnswer"/>.</summary>
    public static int Of(BackendStatus backend)
    {
        var print = default(HashCode);
        print.Add(backend.Spec.Weight);
        print.Add(backend.Spec.Scopes);
        print.Add(backend.Spec.Reason);
        print.Add(backend.WeightOverride);
        print.Add(backend.IsDrained);
        print.Add(backend.EffectiveWeight);
        print.Add(backend.Health.State);
        print.Add(backend.Health.Reason);
        print.Add(backend.Health.SinceUtc);
        print.Add(backend.Health.Checks);
        print.Add(backend.Health.ChecksFailed);
        print.Add(backend.Active);
        print.Add(backend.Total);
        print.Add(backend.ConnectFailures);
        print.Add(backend.Traffic);
        return print.ToHashCode();
    }
}

/// <summary>A backend of a service port.</summary>
/// <param name="Service">The service port.</param>
/// <param name="Address">The backend.</param>
internal readonly record struct BackendKey(ServiceKey Service, AddressKey Address)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Service} {Address}";
}
