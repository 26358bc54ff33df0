package ec2_test

import (
	"fmt"
	"testing"
	"time"
)

func TestVolumes(t *testing.T) {
	w := newWorld(t)
	w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a"}`, "MissingParameter: The request must contain the parameter size/snapshot")
	vol := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2a","Size":10,"VolumeType":"gp3"}`).want("State", "available").want("Iops", "3000").want("Throughput", "125").get("VolumeId")
	far := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2c","Size":1}`).want("VolumeType", "gp2").want("Iops", "100").get("VolumeId")
	id := w.run("")
	attach := func(v, device string) string {
		return `{"VolumeId":"` + v + `","InstanceId":"` + id + `","Device":"` + device + `"}`
	}
	w.refused("AttachVolume", attach(far, "/dev/sdf"), "InvalidVolume.ZoneMismatch: The volume '"+far+"' is not in the same availability zone as instance '"+id+"'")
	w.ok("AttachVolume", attach(vol, "/dev/sdf")).want("State", "attaching")
	w.ok("DescribeVolumes", `{"VolumeIds":["`+vol+`"]}`).want("Volumes.0.State", "in-use").want("Volumes.0.Attachments.0.State", "attached")
	if m := w.machines.machine(id); fmt.Sprint(m.Mounts) != "[{"+vol+" /mnt/sdf }]" {
		t.Errorf("mounts %v", m.Mounts)
	}
	w.refused("AttachVolume", attach(vol, "/dev/sdg"), "VolumeInUse: "+vol+" is already attached to an instance")
	w.refused("DeleteVolume", `{"VolumeId":"`+vol+`"}`, "VolumeInUse: Volume "+vol+" is currently attached to "+id)
	w.ok("StopInstances", `{"InstanceIds":["`+id+`"]}`)
	w.ok("DetachVolume", `{"VolumeId":"`+vol+`"}`).want("State", "detaching")
	w.ok("DescribeVolumes", `{"VolumeIds":["`+vol+`"]}`).want("Volumes.0.State", "available")
	w.refused("DetachVolume", `{"VolumeId":"`+vol+`"}`, "IncorrectState: Volume '"+vol+"' is in the 'available' state.")
	w.ok("AttachVolume", attach(vol, "/dev/sdf")).want("State", "attached")
	w.ok("StartInstances", `{"InstanceIds":["`+id+`"]}`)
	w.ok("DetachVolume", `{"VolumeId":"`+vol+`"}`)
	if m := w.machines.machine(id); len(m.Mounts) != 0 {
		t.Errorf("mounts %v", m.Mounts)
	}
	w.refused("ModifyVolume", `{"VolumeId":"`+vol+`","Size":5}`, "InvalidParameterValue: New size cannot be smaller than existing size")
	w.ok("ModifyVolume", `{"VolumeId":"`+vol+`","Size":20}`).want("VolumeModification.TargetSize", "20").want("VolumeModification.OriginalSize", "10")
	w.refused("ModifyVolume", `{"VolumeId":"`+vol+`","Size":30}`, "VolumeModificationRateExceeded: You've reached the maximum modification rate per volume limit. Wait at least 6 hours between modifications per EBS volume.")
	w.after(6 * time.Hour)
	w.ok("ModifyVolume", `{"VolumeId":"`+vol+`","Size":30}`)

	snap := w.ok("CreateSnapshot", `{"VolumeId":"`+vol+`","Description":"monday"}`).want("State", "pending").get("SnapshotId")
	w.ok("DescribeSnapshots", `{"OwnerIds":["self"]}`).want("Snapshots.0.State", "completed").want("Snapshots.0.Progress", "100%").want("Snapshots.0.VolumeSize", "30")
	copied := w.ok("CreateVolume", `{"AvailabilityZone":"ap-northeast-2c","SnapshotId":"`+snap+`"}`).want("Size", "30").want("State", "creating").get("VolumeId")
	w.ok("DescribeVolumes", `{"VolumeIds":["`+copied+`"]}`).want("Volumes.0.State", "available")
	if from := w.machines.volumes[copied]; from != snap || w.machines.volumes[snap] != vol {
		t.Errorf("copied %v", w.machines.volumes)
	}
	w.refused("CreateVolume", `{"AvailabilityZone":"ap-northeast-2c","Size":1,"SnapshotId":"`+snap+`"}`, "InvalidParameterValue: The size of a volume can be 30GiB or more, as its snapshot is 30GiB.")
	w.ok("DeleteSnapshot", `{"SnapshotId":"`+snap+`"}`)
	w.ok("DeleteVolume", `{"VolumeId":"`+vol+`"}`)
	w.refused("DescribeVolumes", `{"VolumeIds":["`+vol+`"]}`, "InvalidVolume.NotFound: The volume '"+vol+"' does not exist.")
}

func TestDeleteOnTermination(t *testing.T) {
	w := newWorld(t)
	id := w.run(`,"BlockDeviceMappings":[{"DeviceName":"/dev/sdf","Ebs":{"VolumeSize":5,"DeleteOnTermination":false}},{"DeviceName":"/dev/sdg","Ebs":{"VolumeSize":6}}]`)
	if n := w.ok("DescribeVolumes", `{"Filters":[{"Name":"attachment.instance-id","Values":["`+id+`"]}]}`).len("Volumes"); n != 3 {
		t.Errorf("%d volumes", n)
	}
	w.ok("TerminateInstances", `{"InstanceIds":["`+id+`"]}`)
	left := w.ok("DescribeVolumes", `{}`).want("Volumes.0.Size", "5").want("Volumes.0.State", "available").want("Volumes.0.VolumeType", "gp3")
	if left.len("Volumes") != 1 {
		t.Errorf("%d volumes are left", left.len("Volumes"))
	}
}

func TestImages(t *testing.T) {
	w := newWorld(t)
	w.ok("DescribeImages", `{"Owners":["amazon"],"Filters":[{"Name":"name","Values":["al2023-ami-*-x86_64"]},{"Name":"architecture","Values":["x86_64"]}]}`).want("Images.0.ImageId", image)
	w.ok("DescribeImages", `{"Owners":["self"]}`).want("Images", "[]")
	w.refused("DeregisterImage", `{"ImageId":"`+image+`"}`, "AuthFailure: Not authorized for image:"+image)
	id := w.run(`,"BlockDeviceMappings":[{"DeviceName":"/dev/sdf","Ebs":{"VolumeSize":5}}]`)
	ami := w.ok("CreateImage", `{"InstanceId":"`+id+`","Name":"golden"}`).get("ImageId")
	made := w.ok("DescribeImages", `{"ImageIds":["`+ami+`"]}`).want("Images.0.State", "available").want("Images.0.Public", "false").want("Images.0.SourceInstanceId", id)
	if made.len("Images.0.BlockDeviceMappings") != 2 {
		t.Error("the image has not both disks")
	}
	w.refused("CreateImage", `{"InstanceId":"`+id+`","Name":"golden"}`, "InvalidAMIName.Duplicate: AMI name golden is already in use by AMI "+ami)
	snap := made.get("Images.0.BlockDeviceMappings.0.Ebs.SnapshotId")
	w.refused("DeleteSnapshot", `{"SnapshotId":"`+snap+`"}`, "InvalidSnapshot.InUse: The snapshot "+snap+" is currently in use by "+ami)
	twin := w.ok("RunInstances", `{"ImageId":"`+ami+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`).get("Instances.0.InstanceId")
	m := w.machines.machine(twin)
	if m.Image != ami || len(m.Mounts) != 1 || m.Mounts[0].From != made.get("Images.0.BlockDeviceMappings.1.Ebs.SnapshotId") {
		t.Errorf("%+v", m)
	}
	w.ok("DeregisterImage", `{"ImageId":"`+ami+`"}`)
	w.ok("DeleteSnapshot", `{"SnapshotId":"`+snap+`"}`)
	w.refused("RunInstances", `{"ImageId":"`+ami+`","InstanceType":"t3.micro","MinCount":1,"MaxCount":1}`, "InvalidAMIID.NotFound: The image id '["+ami+"]' does not exist")
}

func TestKeyPairs(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"rsa", "ed25519"} {
		made := w.ok("CreateKeyPair", `{"KeyName":"`+kind+`","KeyType":"`+kind+`"}`)
		public := w.ok("DescribeKeyPairs", `{"KeyNames":["`+kind+`"],"IncludePublicKey":true}`).want("KeyPairs.0.KeyFingerprint", made.get("KeyFingerprint")).get("KeyPairs.0.PublicKey")
		checkPrivateKey(t, made.get("KeyMaterial"), public)
	}
	w.refused("CreateKeyPair", `{"KeyName":"rsa"}`, "InvalidKeyPair.Duplicate: The keypair already exists")
	w.ok("DeleteKeyPair", `{"KeyName":"rsa"}`).want("Return", "true")
	w.ok("DeleteKeyPair", `{"KeyName":"rsa"}`).want("Return", "true")
	w.refused("DescribeKeyPairs", `{"KeyNames":["rsa"]}`, "InvalidKeyPair.NotFound: The key pair 'rsa' does not exist")
	w.refused("ImportKeyPair", `{"KeyName":"mine","PublicKeyMaterial":"bm9uc2Vuc2U="}`, "InvalidKey.Format: Key is not in valid OpenSSH public key format")
}

func TestTags(t *testing.T) {
	w := newWorld(t)
	id := w.run("")
	vpc := w.ok("DescribeVpcs", `{}`).get("Vpcs.0.VpcId")
	w.ok("CreateTags", `{"Resources":["`+id+`","`+vpc+`"],"Tags":[{"Key":"team","Value":"sky"},{"Key":"empty","Value":""}]}`)
	if n := w.ok("DescribeTags", `{"Filters":[{"Name":"key","Values":["team"]}]}`).len("Tags"); n != 2 {
		t.Errorf("%d tags", n)
	}
	w.ok("DeleteTags", `{"Resources":["`+id+`"],"Tags":[{"Key":"team","Value":"sea"},{"Key":"empty"}]}`)
	w.ok("DescribeTags", `{"Filters":[{"Name":"resource-id","Values":["`+id+`"]}]}`).want("Tags.0.Key", "team").want("Tags.1", "")
	w.refused("CreateTags", `{"Resources":["i-12345678"],"Tags":[{"Key":"a","Value":"b"}]}`, "InvalidInstanceID.NotFound: The instance ID 'i-12345678' does not exist")
	w.refused("CreateTags", `{"Resources":["`+id+`"],"Tags":[{"Key":"aws:x","Value":"b"}]}`, "InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use")
}
