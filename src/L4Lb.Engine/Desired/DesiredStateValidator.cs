namespace L4Lb.Engine.Desired;

/// <summary>Checks what no type can express, and collects every error rather than the first. Pure.</summary>
public static class DesiredStateValidator
{
    /// <summary>Every reason to refuse <paramref name="state"/>; empty when it can be put in force.</summary>
    /// <param name="state">The state to check.</param>
    /// <param name="schedulerProblem">What is wrong with a scheduler, or null: the catalog's own check, passed in
    /// because the language of what is asked knows nothing of those who answer.</param>
    /// <param name="inForce">A state known to be valid: what it shares with the new one is not checked again. Null: nothing is known.</param>
    public static IReadOnlyList<ValidationError> Validate(
        DesiredState state, Func<SchedulerSpec, string?> schedulerProblem, DesiredState? inForce = null)
    {
        var errors = new List<ValidationError>();
        if (inForce is null || !state.HasSameKeysAs(inForce))
        {
            ValidateKeys(state, errors);
        }

        var valid = new HashSet<ServiceSpec>(inForce?.Services ?? [], ReferenceEqualityComparer.Instance);
        foreach (var service in state.Services)
        {
            if (!valid.Contains(service))
            {
                ValidateService(service, schedulerProblem, errors);
            }
        }

        return errors;
    }

    private static void ValidateKeys(DesiredState state, List<ValidationError> errors)
    {
        var keys = new HashSet<ServiceKey>(state.Services.Count);
        foreach (var service in state.Services)
        {
            if (!keys.Add(service.Key))
            {
                errors.Add(new($"{service.Key}", "the service is there twice"));
            }
        }
    }

    private static void ValidateService(
        ServiceSpec service, Func<SchedulerSpec, string?> schedulerProblem, List<ValidationError> errors)
    {
        void Check(bool ok, string field, string message)
        {
            if (!ok)
            {
                errors.Add(new($"{service.Key} {field}", message));
            }
        }

        var addresses = new HashSet<AddressKey>();
        for (var i = 0; i < service.Listens.Count; i++)
        {
            var listen = service.Listens[i];
            Check(listen.Scope is BackendScope.Cluster or BackendScope.Local, $"listens[{i}].scope", "must be one policy");
            Check(addresses.Add(AddressKey.From(listen.Address)), $"listens[{i}].address", $"{listen.Address} is there twice");
        }

        addresses.Clear();
        for (var i = 0; i < service.Backends.Count; i++)
        {
            var backend = service.Backends[i];
            Check(backend.Weight is >= 0 and <= BackendSpec.MaxWeight, $"backends[{i}].weight", $"{backend.Weight} is not in 0…{BackendSpec.MaxWeight}");
            Check(backend.Address.Port is > 0, $"backends[{i}].address", "the port must be 1…65535");
            Check(addresses.Add(AddressKey.From(backend.Address)), $"backends[{i}].address", $"{backend.Address} is there twice");
        }

        var scheduler = schedulerProblem(service.Scheduler);
        Check(scheduler is null, "scheduler", scheduler ?? "");

        if (service.Affinity is { } affinity)
        {
            Check(affinity.Timeout.TotalSeconds is >= 1 and <= 86400, "affinity.timeout", "must be 1 s … 86400 s");
            Check(affinity.MaxEntries > 0, "affinity.maxEntries", "must be positive");
            Check(
                affinity.IPv4PrefixLength is >= 1 and <= 32 && affinity.IPv6PrefixLength is >= 1 and <= 128,
                "affinity.prefixLength", "must be 1…32 for IPv4 and 1…128 for IPv6");
        }

        var timeouts = service.Timeouts;
        Check(timeouts.ConnectAttempts is >= 1 and <= TimeoutSpec.MaxConnectAttempts, "timeouts.connectAttempts", $"must be 1…{TimeoutSpec.MaxConnectAttempts}");
        Check(timeouts.ConnectTimeouts.Count > 0, "timeouts.connectTimeouts", "must not be empty");
        foreach (var timeout in timeouts.ConnectTimeouts)
        {
            Check(timeout > TimeSpan.Zero, "timeouts.connectTimeouts", "must be positive");
        }

        Check(timeouts.ConnectBudget > TimeSpan.Zero, "timeouts.connectBudget", "must be positive");
        Check(timeouts.Idle > TimeSpan.Zero, "timeouts.idle", "must be positive");
        Check(timeouts.HalfClose > TimeSpan.Zero, "timeouts.halfClose", "must be positive");
        Check(timeouts.Drain >= TimeSpan.Zero, "timeouts.drain", "must not be negative");
        var datagrams = service.Datagrams;
        Check(datagrams.Requests >= 0, "datagrams.requests", "must not be negative");
        Check(datagrams.Responses is null or >= 0, "datagrams.responses", "must not be negative");
        Check(
            datagrams.MaxBytes is >= 1 and <= DatagramSpec.MaxDatagramBytes, "datagrams.maxBytes",
            $"must be 1…{DatagramSpec.MaxDatagramBytes}");
        foreach (var (field, message) in
            HealthValidator.Problems(service.Health).Concat(LimitValidator.Problems(service.Limits, service.ProxyProtocol)))
        {
            Check(ok: false, field, message);
        }
    }
}
