using L4Lb.Testing.Cluster;

namespace L4Lb.Host.Tests.Deploy;

/// <summary>Holds the kustomizations of <c>deploy</c> to the files that they name.</summary>
public sealed class KustomizationsTests
{
    public static TheoryData<string> Folders { get; } =
    [
        .. Directory.EnumerateFiles(DeployFolder.Path(""), Kustomization.FileName, SearchOption.AllDirectories)
            .Select(static f => Path.GetRelativePath(DeployFolder.Path(""), Path.GetDirectoryName(f)!)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void They_name_files_and_folders_that_are_there_and_each_object_once(string folder)
    {
        var manifests = Kustomization.Read(DeployFolder.Path(folder));

        Assert.NotEmpty(manifests);
        var objects = manifests.Select(static m => $"{m["kind"]} {m.Meta("namespace")}/{m.Name()}").ToList();
        Assert.Equal(objects.Distinct(), objects);
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void Whole_installations_have_the_namespace_that_their_objects_are_in(string folder)
    {
        var manifests = Kustomization.Read(DeployFolder.Path(folder));
        var @namespace = manifests.Single(static m => (string?)m["kind"] == "Namespace").Name();

        Assert.All(manifests.Select(static m => m.Meta("namespace")).OfType<string>(), n => Assert.Equal(@namespace, n));
        Assert.Contains("CustomResourceDefinition", manifests.Select(static m => (string?)m["kind"]));
    }

    [Theory]
    [InlineData("daemonset")]
    [InlineData("appliance")]
    public void The_image_that_is_replaced_is_that_of_the_container(string folder)
    {
        var text = File.ReadAllText(Path.Combine(DeployFolder.Path(folder), Kustomization.FileName));
        var image = Assert.Single(Assert.Single(Kustomization.Parse(text))["images"]!.AsArray())!;
        var workload = Kustomization.Read(DeployFolder.Path(folder)).Single(static m => (string?)m["kind"] is "DaemonSet" or "Deployment");

        Assert.Equal((string?)workload["spec"]!["template"]!["spec"]!["containers"]![0]!["image"], (string?)image["name"]);
    }
}
