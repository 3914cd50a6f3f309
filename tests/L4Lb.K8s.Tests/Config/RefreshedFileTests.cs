using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Config;

public sealed class RefreshedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void A_file_is_read_again_each_minute()
    {
        var file = new RefreshedFile(_folder.Write("token", " a\n"), _time);
        Assert.Equal("a", file.Read());
        _folder.Write("token", "b");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("a", file.Read());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("b", file.Read());
    }

    [Fact]
    public void A_file_that_expired_is_read_at_once()
    {
        var file = new RefreshedFile(_folder.Write("token", "a"), _time);
        Assert.Equal("a", file.Read());
        _folder.Write("token", "b");
        file.Expire();
        Assert.Equal("b", file.Read());
        _folder.Write("token", "c");
        Assert.Equal("b", file.Read());
    }

    [Fact]
    public void What_was_good_stays_when_the_file_is_gone_or_empty()
    {
        var path = _folder.Write("token", "a");
        var file = new RefreshedFile(path, _time);
        file.Read();
        File.Delete(path);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("a", file.Read());
        _folder.Write("token", " \n");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("a", file.Read());
        _folder.Write("token", "b");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("b", file.Read());
    }

    [Fact]
    public void A_file_that_was_never_good_is_an_error_until_it_is()
    {
        var path = Path.Combine(_folder.Path, "token");
        var file = new RefreshedFile(path, _time);
        Assert.Contains("cannot be read", Assert.Throws<KubernetesConnectionException>(file.Read).Message);
        _folder.Write("token", "\n");
        Assert.Equal($"{path}: is empty", Assert.Throws<KubernetesConnectionException>(file.Read).Message);
        _folder.Write("token", new string('x', 1024 * 1024));
        Assert.Equal($"{path}: is longer than 1,048,576 bytes", Assert.Throws<KubernetesConnectionException>(file.Read).Message);
        _folder.Write("token", "a");
        Assert.Equal("a", file.Read());
        Assert.Contains("cannot be read", Assert.Throws<KubernetesConnectionException>(new RefreshedFile(_folder.Path, _time).Read).Message);
    }

    [Fact]
    public void A_file_behind_links_that_are_swapped_is_followed()
    {
        // As the kubelet does it: token -> ..data/token, ..data -> ..1, then ..data -> ..2.
        _folder.Write("..1/token", "a");
        _folder.Write("..2/token", "b");
        var data = Path.Combine(_folder.Path, "..data");
        Directory.CreateSymbolicLink(data, Path.Combine(_folder.Path, "..1"));
        var path = Path.Combine(_folder.Path, "token");
        File.CreateSymbolicLink(path, "..data/token");
        var file = new RefreshedFile(path, _time);
        Assert.Equal("a", file.Read());
        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, Path.Combine(_folder.Path, "..2"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("b", file.Read());
    }

    public void Dispose() => _folder.Dispose();
}
