namespace L4Lb.K8s.Config;

/// <summary>
/// What a plugin answered, kept until it ends or is refused. Those who ask meanwhile wait for the same run, which goes on when
/// one of them gives up: the next try then finds it done.
/// </summary>
/// <param name="run">Runs the plugin.</param>
/// <param name="time">Clock.</param>
internal sealed class ExecCredentials(Func<Task<ExecAnswer>> run, TimeProvider time) : IApiCredentials
{
    // So that what is sent now is still good when it is read.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Task<ExecAnswer>? _running;
    private ExecAnswer? _kept;
    private DateTimeOffset? _staleAt;

    /// <summary>Those of <paramref name="plugin"/>.</summary>
    public ExecCredentials(ExecPlugin plugin, TimeProvider time)
        : this(() => ExecRun.RunAsync(plugin, time), time)
    {
    }

    /// <inheritdoc/>
    public ApiCredential? Known => null;

    /// <inheritdoc/>
    public async ValueTask<ApiCredential> GetAsync(CancellationToken cancellation)
    {
        Task<ExecAnswer> running;
        lock (_lock)
        {
            if (_kept is not null && !(time.GetUtcNow() >= _staleAt))
            {
                return _kept.Credential;
            }

            running = _running ??= AskAsync();
        }

        return (await running.WaitAsync(cancellation)).Credential;
    }

    /// <inheritdoc/>
    public void Reject(ApiCredential credential)
    {
        lock (_lock)
        {
            // Of several who were refused with the same credentials only the first makes a difference.
            if (ReferenceEquals(_kept?.Credential, credential))
            {
                _kept = null;
            }
        }
    }

    private async Task<ExecAnswer> AskAsync()
    {
        // Not under the lock of whoever asks first.
        await Task.Yield();
        ExecAnswer? answer = null;
        try
        {
            return answer = await run();
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
                Keep(answer);
            }
        }
    }

    private void Keep(ExecAnswer? answer)
    {
        _kept = answer;

        // Credentials that live for seconds are used for most of them.
        var life = answer?.Expiry - time.GetUtcNow();
        _staleAt = answer?.Expiry - TimeSpan.FromTicks(Math.Clamp(life?.Ticks / 4 ?? 0, 0, s_margin.Ticks));
    }
}
