using L4Lb.K8s.Client;
using L4Lb.K8s.Objects;
using L4Lb.Testing;
using Microsoft.AspNetCore.Http;

namespace L4Lb.K8s.Tests.Client;

public sealed class CallTests : ClientTest
{
    private static readonly ObjectName s_web = new("default", "web");

    [Fact]
    public async Task A_refusal_says_what_the_server_said()
    {
        var status = await FailsAsync(() => Client().GetAsync(Resources.Services, s_web, Cancellation));
        Assert.Equal(new ApiStatus(404, "NotFound", "services \"web\" not found"), status);
        Assert.True(status is { IsNotFound: true, IsUnreachable: false, IsExpired: false, IsConflict: false });
    }

    [Fact]
    public async Task A_server_that_is_busy_says_for_how_long()
    {
        Cluster.Spoil(Faults.Answer(ApiError.TooManyRequests(7)));
        Cluster.Spoil(static (context, _) =>
        {
            context.Response.Headers.RetryAfter = DateTimeOffset.UtcNow.AddMinutes(10).ToString("R");
            return ApiServer.WriteErrorAsync(context, ApiError.ServiceUnavailable());
        });
        Cluster.Spoil(static (context, _) => ApiServer.WriteStatusAsync(context, ApiError.TooManyRequests(9)));
        Cluster.Spoil(Faults.Answer(ApiError.ServiceUnavailable()));
        var client = Client();
        Assert.Equal(TimeSpan.FromSeconds(7), (await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).RetryAfter);
        var dated = (await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).RetryAfter;
        Assert.InRange(dated!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromSeconds(9), (await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).RetryAfter);
        Assert.Null((await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).RetryAfter);
    }

    [Fact]
    public async Task A_page_of_something_in_between_is_quoted_in_one_line()
    {
        Cluster.Spoil(static (context, _) => Write(context, 502, "<html>\r\n\t<h1>Bad\u0007 Gateway</h1>\n</html>\n"));
        Cluster.Spoil(static (context, _) => Write(context, 500, ""));
        Cluster.Spoil(static (context, _) => Write(context, 500, new string('x', 1000)));
        var client = Client();
        Assert.Equal(
            new ApiStatus(502, "", "HTTP 502 BadGateway: <html> <h1>Bad Gateway</h1> </html>"),
            await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation)));
        Assert.Equal(
            new ApiStatus(500, "", "HTTP 500 InternalServerError"),
            await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation)));
        Assert.InRange((await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).Message.Length, 200, 250);
    }

    [Theory]
    [InlineData("", "the answer is not valid JSON")]
    [InlineData("<html>hello</html>", "the answer is not valid JSON")]
    [InlineData("[]", "the answer is no JSON object")]
    [InlineData("{\"metadata\":{}", "the answer is not valid JSON")]
    public async Task An_answer_that_is_none_is_no_answer(string body, string message)
    {
        Cluster.Spoil((context, _) => Write(context, 200, body));
        var status = await FailsAsync(() => Client().GetAsync(Resources.Services, s_web, Cancellation));
        Assert.True(status.IsUnreachable);
        Assert.StartsWith(message, status.Message);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        Cluster.Put(Service(new string('a', 60)));
        Cluster.Spoil(static (context, _) => Write(context, 200, new string(' ', 100_000)));
        var status = await FailsAsync(() => Client(new() { MaxAnswerBytes = 99_999 }).GetAsync(Resources.Services, s_web, Cancellation));
        Assert.Equal("the answer is longer than 99,999 bytes", status.Message);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        Cluster.Spoil(static (context, _) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        Assert.Equal(302, (await FailsAsync(() => Client().GetAsync(Resources.Services, s_web, Cancellation))).Code);
        Assert.Single(Cluster.Requests);
    }

    [Fact]
    public async Task A_broken_connection_and_a_server_that_is_down_are_no_answer()
    {
        Cluster.Put(Service("web")).Spoil(Faults.Abort);
        var client = Client();
        Assert.True((await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).IsUnreachable);
        await Cluster.GoDownAsync();
        Assert.True((await FailsAsync(() => client.GetAsync(Resources.Services, s_web, Cancellation))).IsUnreachable);
        await Cluster.GoUpAsync();
        Assert.Equal("web", (await client.GetAsync(Resources.Services, s_web, Cancellation)).Metadata.Name);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_given_up()
    {
        var time = new ManualTime();
        Cluster.Spoil(Faults.Hang);
        var call = FailsAsync(() => Client(new() { Time = time }).GetAsync(Resources.Services, s_web, Cancellation));
        await Eventually.EqualsAsync(1, () => Cluster.Requests.Count, "requests");
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new ApiStatus(0, ApiStatus.Unreachable, "nothing came for 30 s"), await call);
    }

    [Fact]
    public async Task Whoever_gives_up_hears_that_and_nothing_else()
    {
        Cluster.Spoil(Faults.Hang);
        using var stop = new CancellationTokenSource();
        var call = Client().GetAsync(Resources.Services, s_web, stop.Token);
        await Eventually.EqualsAsync(1, () => Cluster.Requests.Count, "requests");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static Task Write(HttpContext context, int code, string body)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(body);
    }
}
