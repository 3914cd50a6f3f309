using L4Lb.Engine;
using L4Lb.Engine.Health;

namespace L4Lb.Host.Logging;

/// <summary>A line of the log for each backend that goes and returns.</summary>
internal sealed class HealthLog(ILogger logger) : IHealthLog
{
    /// <inheritdoc/>
    public void Changed(in HealthChange change)
    {
        var (backend, service, reason) = (change.Backend, change.Service, change.Reason ?? "");
        if (change.From == change.To)
        {
            // The state is as it was: it is about draining.
            if (change.Drains)
            {
                HostLog.BackendDrains(logger, backend, service);
            }
            else
            {
                HostLog.BackendDrainsNoMore(logger, backend, service);
            }

            return;
        }

        switch (change.To)
        {
            case HealthState.Down:
                HostLog.BackendDown(logger, backend, service, reason);
                break;
            case HealthState.Ejected:
                HostLog.BackendEjected(logger, backend, service, reason);
                break;
            case HealthState.Maintenance:
                HostLog.BackendMaintenance(logger, backend, service, reason);
                break;
            case HealthState.Up when change.From == HealthState.Unchecked:
                // At a start, one line for each backend would bury those that matter.
                HostLog.BackendFoundUp(logger, backend, service, reason);
                break;
            case HealthState.Up:
                HostLog.BackendUp(logger, backend, service, reason);
                break;
            case HealthState.Unchecked when change.From == HealthState.Ejected:
                HostLog.BackendReturns(logger, backend, service);
                break;
            default:
                HostLog.BackendUnchecked(logger, backend, service);
                break;
        }
    }
}
