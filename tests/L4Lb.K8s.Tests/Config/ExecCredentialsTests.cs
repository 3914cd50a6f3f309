using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Config;

public sealed class ExecCredentialsTests
{
    private readonly ManualTime _time = new();
    private TaskCompletionSource<ExecAnswer> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credentials_are_kept_until_shortly_before_they_end()
    {
        var credentials = Make();
        Answer("a", TimeSpan.FromMinutes(10));
        Assert.Equal("a", await AskAsync(credentials));
        _time.Advance(TimeSpan.FromSeconds(569));
        Assert.Equal("a", await AskAsync(credentials));
        Assert.Equal(1, _runs);
        _time.Advance(TimeSpan.FromSeconds(1));
        Answer("b", TimeSpan.FromSeconds(8));
        Assert.Equal("b", await AskAsync(credentials));

        // Of eight seconds two are left out.
        _time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.Equal("b", await AskAsync(credentials));
        Assert.Equal(2, _runs);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Answer("c", null);
        Assert.Equal("c", await AskAsync(credentials));
        _time.Advance(TimeSpan.FromDays(100));
        Assert.Equal("c", await AskAsync(credentials));
        Assert.Equal(3, _runs);
    }

    [Fact]
    public async Task Those_who_ask_meanwhile_share_one_run_which_outlives_whoever_gives_up()
    {
        var credentials = Make();
        using var impatient = new CancellationTokenSource();
        var first = credentials.GetAsync(impatient.Token).AsTask();
        var second = AskAsync(credentials);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var third = AskAsync(credentials);
        Answer("a", null);
        Assert.Equal("a", await second);
        Assert.Equal("a", await third);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task A_failure_is_for_those_who_waited_and_the_next_tries_again()
    {
        var credentials = Make();
        _next.SetException(new KubernetesConnectionException("no"));
        await Assert.ThrowsAsync<KubernetesConnectionException>(() => AskAsync(credentials));
        Answer("a", null);
        Assert.Equal("a", await AskAsync(credentials));
    }

    [Fact]
    public async Task Of_many_who_are_refused_with_the_same_one_alone_causes_a_run()
    {
        var credentials = Make();
        Answer("a", null);
        var old = await credentials.GetAsync(Cancellation);
        credentials.Reject(old);
        Answer("b", null);
        Assert.Equal("b", await AskAsync(credentials));
        credentials.Reject(old);
        Assert.Equal("b", await AskAsync(credentials));
        Assert.Equal(2, _runs);
    }

    private ExecCredentials Make() => new(
        async () =>
        {
            Interlocked.Increment(ref _runs);
            try
            {
                return await _next.Task;
            }
            finally
            {
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        },
        _time);

    private void Answer(string authorization, TimeSpan? life) =>
        _next.SetResult(new(new(authorization), life is null ? null : _time.GetUtcNow() + life));

    private static async Task<string?> AskAsync(ExecCredentials credentials) =>
        (await credentials.GetAsync(Cancellation)).Authorization;
}
